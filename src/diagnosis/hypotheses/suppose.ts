import { cannotTell, found, type Cause, type Found, type Inconclusive, type Observed } from '../cause.js';
import type { CauseId } from '../causes/ids.js';
import type { Flow } from '../flow.js';
import { idsOf } from '../flow-questions.js';
import { lookupsBeside } from '../symptoms/lookups.js';
import { searchHypotheses, type Candidate, type CandidateClass, type Search } from './search.js';

/** Rulings about causes in places that were not looked at. */
export interface SupposedRulings {
  readonly found: readonly { readonly cause: Cause; readonly ruling: Found<unknown> }[];
  readonly inconclusive: readonly { readonly cause: Cause; readonly ruling: Inconclusive }[];
}

/**
 * A cause that stands alone, and that something tells from anything else at its place, is likely. All others are a list of what
 * it may be, with the look that decides.
 */
export function suppose(search: Search): SupposedRulings {
  const rulings = searchHypotheses(search).map((all) => rulingsOf(search.view, all));
  return {
    found: rulings.flatMap(({ found: named }) => named),
    inconclusive: rulings.flatMap(({ inconclusive }) => inconclusive),
  };
}

function rulingsOf(view: Observed, all: CandidateClass): SupposedRulings {
  const [only, ...others] = all;
  const named = only && others.length === 0 ? nameOf(view, only) : undefined;
  return named ? { found: [named], inconclusive: [] } : { found: [], inconclusive: listed(view, all) };
}

function nameOf(
  view: Observed,
  { cause, hypothesis, supposed }: Candidate,
): SupposedRulings['found'][number] | undefined {
  const named = hypothesis.named?.(view, supposed);
  return (
    named && { cause, ruling: found({ explains: explainedBy(view, supposed.flows), confidence: 'likely', ...named }) }
  );
}

/** What a cause accounts for, with the lookups of names that fail because of it. */
function explainedBy(view: Observed, flows: readonly Flow[]): readonly string[] {
  return idsOf([...flows, ...lookupsBeside(view.flows, flows)]);
}

function listed(view: Observed, all: CandidateClass): SupposedRulings['inconclusive'] {
  const oneOf = all.map(({ cause }) => cause.id as CauseId);
  const [first] = all;
  const test = first?.hypothesis.test(view, first.supposed);
  return all.map(({ cause, hypothesis, supposed: { flows } }) => ({
    cause,
    ruling: cannotTell({
      missing: hypothesis.unseen(view),
      explains: explainedBy(view, flows),
      oneOf,
      test,
    }),
  }));
}
