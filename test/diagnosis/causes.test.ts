import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { FAULTS } from '../../src/faults/index.js';
import { planAll } from '../../src/workflows/run/run.js';
import { recorded, recordedIds } from './situation.js';

/** Adding a cause is one source file, one fault, one scenario, one test. */
describe('the catalogue of causes', () => {
  it('has one file for each cause, of the same name, in the folder of its layer', () => {
    const files = CAUSES.map(({ id, layer }) => `${layer}/${id}`);
    expect(names('src/diagnosis/causes', '.ts')).to.have.members([...files, 'ids', 'index']);
  });

  it('has a table of situations for each cause, near misses included', () => {
    const files = CAUSES.map(({ id, layer }) => `${layer}/${id}`);
    expect(names('test/diagnosis/causes', '.test.ts')).to.have.members(files);
    const near = files.filter((file) =>
      /leavesAlone: \{\s*\S/.test(readFileSync(`test/diagnosis/causes/${file}.test.ts`, 'utf8')),
    );
    expect(near).to.deep.equal(files);
  });

  it('has a fault that brings about each cause, unless its scenario does or nothing here can', () => {
    const made = CAUSES.filter(({ reproduced }) => reproduced === undefined || reproduced.by === 'emulation');
    expect(made.map(({ id }) => id).filter((id) => !FAULTS.has(id))).to.deep.equal([]);
  });

  it('has a scenario that must yield each cause, unless nothing here can', async () => {
    const expected = new Set((await planAll([])).flatMap(({ diagnosis }) => diagnosis ?? []));
    const never = new Set<string | undefined>(['not', 'ruled-out']);
    const shown = CAUSES.filter(({ reproduced }) => !never.has(reproduced?.by)).map(({ id }) => id);
    expect(shown.filter((id) => !expected.has(id))).to.deep.equal([]);
  });

  it('has a recorded run that rules out by name each cause that is only blamed', () => {
    const blamed = CAUSES.filter(({ reproduced }) => reproduced?.by === 'ruled-out');
    const named = new Set(
      recordedIds().flatMap((id) =>
        diagnose(recorded(id), blamed).ruledOut.flatMap(({ cause, ruling }) => (ruling.oftenBlamed ? [cause.id] : [])),
      ),
    );
    expect(blamed.map(({ id }) => id).filter((id) => !named.has(id))).to.deep.equal([]);
  });
});

function names(directory: string, ending: string): readonly string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files.flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));
}
