import { Readable } from 'node:stream';
import { expect } from 'chai';
import { follow } from '../../src/engine/progress.js';

describe("following a long task's progress", () => {
  it('tells what is said, and not what is only drawn', async () => {
    const lines: string[] = [];
    const said = '{"stream":"Step 1/2 : FROM scratch\\n"}\r\n{"status":"Downloading"}\r\n{"stream":"\\n"}\r\n';
    await follow(Readable.from([said.slice(0, 20), said.slice(20)]), (line) => lines.push(line));
    expect(lines).to.deep.equal(['Step 1/2 : FROM scratch']);
  });

  it('knows which image a build made, where the engine says it to programs', async () => {
    const said = '{"stream":"Step 1"}\n{"aux":{"ID":"sha256:abc"}}\n{"stream":"Successfully built abc"}\n';
    expect(await follow(Readable.from([said]))).to.equal('sha256:abc');
    expect(await follow(Readable.from(['{"stream":"Successfully built abc"}\n']))).to.equal(undefined);
  });

  it('fails with what the engine said, though it had answered 200', async () => {
    const said = Readable.from(['{"stream":"Step 1"}\n{"error":"pull access denied","errorDetail":{}}\n']);
    const failed = await follow(said).catch((error: unknown) => error);
    expect(failed).to.include({ code: 'ENGINE_REFUSED', message: 'pull access denied' });
  });
});
