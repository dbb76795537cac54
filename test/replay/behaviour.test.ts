import { expect } from 'chai';
import { allBehaviour, keptBehaviour, VIEWS, type ViewName } from './behaviour.js';

/**
 * What is concluded from every recorded run, in both views, is what it was: causes, rulings, flows explained and paths. A change
 * that is meant is kept by `make behaviour`, and its difference reviewed.
 */
describe('behaviour over all recorded runs', () => {
  for (const view of Object.keys(VIEWS) as ViewName[]) {
    it(`is kept for the view "${view}"`, () => {
      expect(differences(keptBehaviour(view), allBehaviour(view))).to.deep.equal([]);
    });
  }
});

/** The lines of either that the other lacks, with the run they belong to. */
function differences(before: string, after: string): readonly string[] {
  const [was, is] = [linesOf(before), linesOf(after)];
  return [
    ...[...was].filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(text: string): ReadonlySet<string> {
  let run = '';
  return new Set(
    text.split('\n').map((line) => {
      if (line.startsWith('# ')) run = line.slice(2);
      return `${run}: ${line}`;
    }),
  );
}
