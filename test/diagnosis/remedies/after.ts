import { applyAll, type Change } from '../../../src/diagnosis/remedies/change.js';
import type { Facts } from '../../../src/evidence/facts.js';
import { NetworkState } from '../../../src/network/network-state.js';

/** The state once some changes are made in a copy of it. */
export function after(facts: Partial<Facts>, ...changes: readonly Change[]): NetworkState {
  const made = applyAll(facts, changes);
  if ('why' in made) throw new Error(JSON.stringify(made.why));
  return new NetworkState(made.facts);
}

/** Why changes cannot be applied; `undefined` where they can. */
export function whyNot(facts: Partial<Facts>, ...changes: readonly Change[]): unknown {
  const made = applyAll(facts, changes);
  return 'why' in made ? made.why : undefined;
}
