import { expect } from 'chai';
import type { Diagnosis, FoundCause } from '../../../../src/diagnosis/diagnosis.js';
import { withSecondLook } from '../../../../src/workflows/run/remedies/second-look.js';

interface Short {
  readonly id: string;
  readonly explains?: readonly string[];
  readonly run?: readonly string[];
  readonly kind?: string;
}

function cause({ id, explains = ['a'], run = [`fix ${id}`], kind = 'fault' }: Short): FoundCause {
  const commands = run.map((one) => ({ on: 'host', run: one, undo: undefined }));
  return {
    ...{ cause: { id, kind }, explanation: `${id}.` },
    ...{
      ruling: { explains, because: [`${id} was seen.`] },
      remedies: [{ title: id, use: 'run', commands, changes: [] }],
    },
  } as unknown as FoundCause;
}

const diagnosis = (found: readonly FoundCause[], rest: object = {}) =>
  ({ found, ruledOut: [], inconclusive: [], unexplained: [], flows: [], ...rest }) as unknown as Diagnosis;
const idsOf = ({ found }: Diagnosis) => found.map((one) => one.cause.id);
const runs = ({ found }: Diagnosis) => found.map(({ remedies }) => remedies[0]?.commands.map(({ run }) => run));

describe('a diagnosis with a second look', () => {
  const first = diagnosis([cause({ id: 'parent-down' })]);

  it('a hidden cause comes after the cause that hid it, and says how it showed', () => {
    const both = withSecondLook(first, diagnosis([cause({ id: 'link-filter' }), cause({ id: 'parent-down' })]));
    expect(idsOf(both)).to.deep.equal(['parent-down', 'link-filter']);
    expect(both.found[1]?.ruling.because).to.deep.equal([{ kind: 'second-look' }, 'link-filter was seen.']);
    expect(runs(both)).to.deep.equal([['fix parent-down'], ['fix link-filter']]);
  });

  it('the remedy of a cause that had shown only in part gets wider', () => {
    const wide = cause({ id: 'parent-down', explains: ['b'], run: ['fix parent-down', 'fix the rest'] });
    const wider = withSecondLook(first, diagnosis([wide]));
    expect(runs(wider)).to.deep.equal([['fix parent-down', 'fix the rest']]);
    expect(wider.found[0]?.ruling.explains).to.deep.equal(['a', 'b']);
  });

  it('a cause by design, or one that explains nothing, is not added', () => {
    const later = [cause({ id: 'by-design', kind: 'by-design' }), cause({ id: 'idle', explains: [] })];
    expect(idsOf(withSecondLook(first, diagnosis(later)))).to.deep.equal(['parent-down']);
  });

  it('a check that a hidden cause explains is no longer unexplained', () => {
    const open = {
      unexplained: ['b', 'c'],
      inconclusive: [{ cause: { id: 'acl' }, ruling: { oneOf: ['acl', 'nat'] } }],
    };
    const told = withSecondLook(diagnosis(first.found, open), diagnosis([cause({ id: 'nat', explains: ['b'] })]));
    expect([told.unexplained, told.inconclusive]).to.deep.equal([['c'], []]);
  });
});
