import { cannotTell, found, type Cause, type Found, type Inconclusive, type Observed } from '../cause.js';
import type { CauseId } from '../causes/ids.js';
import { idsOf } from '../flow-questions.js';
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
  const classes = searchHypotheses(search);
  return {
    found: classes.flatMap((all) => (isSole(search.view, all) ? all.map((one) => named(search.view, one)) : [])),
    inconclusive: classes.flatMap((all) => (isSole(search.view, all) ? [] : listed(search.view, all))),
  };
}

function isSole(view: Observed, [only, ...others]: CandidateClass): boolean {
  return only !== undefined && others.length === 0 && only.hypothesis.distinguishes(view, only.supposed).length > 0;
}

function named(view: Observed, { cause, hypothesis, supposed }: Candidate): SupposedRulings['found'][number] {
  const { because, ...rest } = hypothesis.found(view, supposed);
  const ruling = found({
    explains: idsOf(supposed.flows),
    confidence: 'likely',
    ...rest,
    because: [...because, ...hypothesis.distinguishes(view, supposed)],
  });
  return { cause, ruling };
}

function listed(view: Observed, all: CandidateClass): SupposedRulings['inconclusive'] {
  const oneOf = all.map(({ cause }) => cause.id as CauseId);
  const [first] = all;
  const test = first?.hypothesis.test(view, first.supposed);
  return all.map(({ cause, hypothesis, supposed }) => ({
    cause,
    ruling: cannotTell({ missing: hypothesis.unseen(view), explains: idsOf(supposed.flows), oneOf, test }),
  }));
}
