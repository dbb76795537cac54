import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { EVIDENCE_VERSION } from '../../src/evidence/evidence.js';
import { TOOL } from '../../src/version.js';
import { evidenceFile, idFor, keepEvidence } from '../../src/workflows/keep-evidence.js';

describe('the folder of evidence', () => {
  const evidence = {
    ...{ schemaVersion: EVIDENCE_VERSION, origin: 'synthetic' as const, tool: TOOL },
    ...{ takenAt: '2026-01-01T00:00:00Z', facts: {}, probes: [], missing: [] },
  };

  it('a plain name is the name of its folder', () => {
    for (const name of ['webapp', 'ipvlan_net', 'a.b-c_9']) expect(idFor(name)).to.equal(name);
  });

  it('each name has a folder of its own, and its name is a plain file name', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[./a ~=]{0,8}$/),
      fc.string({ minLength: 90 }),
    );
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(idFor(one)).to.match(/^[\w=-][\w.=-]{0,119}$/);
        if (Buffer.from(one).equals(Buffer.from(other))) return;
        expect(idFor(one)).not.to.equal(idFor(other));
      }),
    );
  });

  for (const name of ['../../outside', '/etc/x', 'my lan;x', '..', 'r\u00e9seau', 'x'.repeat(5000)])
    it(`the folder lies in the report directory: ${name.slice(0, 20)}`, async () => {
      const root = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-kept-'));
      try {
        const directory = join(root, 'a', 'b', 'report');
        await keepEvidence(directory, { id: idFor(name), evidence, pcaps: new Map() });
        expect(await readdir(root)).to.deep.equal(['a']);
        expect(await readdir(join(root, 'a', 'b'))).to.deep.equal(['report']);
        expect(await readdir(directory)).to.have.length(1);
        const file = await readFile(join(directory, evidenceFile({ id: idFor(name) })), 'utf8');
        expect(JSON.parse(file)).to.include({ origin: 'synthetic' });
      } finally {
        await rm(root, { recursive: true });
      }
    });
});
