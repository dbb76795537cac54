import { expect } from 'chai';
import { DoctorError } from '../../src/errors.js';
import { execute } from '../../src/topology/execute.js';
import type { Journal } from '../../src/topology/journal.js';
import type { Shell } from '../../src/engine/engine.js';

describe('a command on a node that is not running', () => {
  it('is rejected with the name of the node, before any command runs', async () => {
    const ran: string[] = [];
    const shell: Shell = {
      run(script) {
        ran.push(script);
        return Promise.resolve({ stdout: Buffer.of(), stderr: '', exitCode: 0 });
      },
    };
    const host = { name: 'host', kind: 'host', addresses: [], enter: [], pid: undefined } as const;
    const commands = [
      { on: 'host', run: 'true', undo: undefined },
      { on: 'b', run: 'true', undo: undefined },
    ];
    const refusal = await execute({ shell, nodes: [host], journal: undefined as unknown as Journal }, commands).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(DoctorError);
    expect(refusal).to.include({
      code: 'ENGINE_REFUSED',
      message: 'No command can run on b, because it is not running.',
    });
    expect(ran).to.deep.equal([]);
  });
});
