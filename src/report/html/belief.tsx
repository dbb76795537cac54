import type { ScenarioResult } from '../result.js';
import { decideText, openText, sentText } from '../words.js';
import { shortListsOf } from '../short-lists.js';
import { CommandBlock } from './command.js';

/** What was observed, what was ruled out, and what remains open. */
export function Belief({
  scenario: { causes, ruledOut, inconclusive, unexplained, assumptions, warnings, sent },
}: {
  readonly scenario: ScenarioResult;
}) {
  const blamed = ruledOut.filter(({ oftenBlamed }) => oftenBlamed);
  const open = shortListsOf(inconclusive);
  const lines = [
    ...causes.flatMap(({ observations }) => observations.map(({ sentence }) => sentence)),
    ...blamed.map(({ title, because }) => `Ruled out: ${title}. ${because}`),
    ...(unexplained.length > 0 ? [`Unexplained: ${unexplained.join(', ')}`] : []),
    ...assumptions.map((text) => `Not seen: ${text}`),
    ...warnings.map((text) => `Warning: ${text}`),
    ...(sent ? [sentText(sent)] : []),
  ];
  if (lines.length === 0 && open.length === 0) return null;
  return (
    <section>
      <h3>Why we believe it</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {open.map((one) => (
          <li key={one.causes.map(({ id }) => id).join(' ')}>
            {openText(one)}
            {one.test && <CommandBlock heading={decideText(one.test)} text={one.test.run} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
