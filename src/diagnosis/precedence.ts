import type { ProbeResult } from '../evidence/evidence.js';
import type { Cause, Inconclusive } from './cause.js';
import type { CauseId } from './causes/ids.js';
import { LAYERS } from './cause.js';
import type { FoundCause } from './diagnosis.js';
import type { Flow } from './flow.js';
import { failing } from './flow-questions.js';

/** What of several rulings leads, and what of them adds nothing: in one place, so that no cause decides it for itself. */

/**
 * Faults before what is by design, what was seen before what rules alone tell, certain before likely, what explains more failing checks
 * before what explains fewer; then the lowest layer.
 */
export function primaryFirst(flows: readonly Flow[]): (a: FoundCause, b: FoundCause) => number {
  const checks = new Set(failing(flows).flatMap(({ id, probe }) => (probe.purpose === 'check' ? [id] : [])));
  const explained = ({ ruling }: FoundCause) => ruling.explains.filter((id) => checks.has(id)).length;
  const rank = (one: FoundCause): readonly number[] => [
    Number(one.cause.kind !== 'fault'),
    Number(one.ruling.hidden ?? false),
    Number(one.ruling.confidence === 'likely'),
    -explained(one),
    LAYERS.indexOf(one.cause.layer),
  ];
  return (a, b) => {
    const [first, second] = [rank(a), rank(b)];
    const at = first.findIndex((value, index) => value !== second[index]);
    return at < 0 ? a.cause.id.localeCompare(b.cause.id) : (first[at] ?? 0) - (second[at] ?? 0);
  };
}

/** Causes that say of a machine that it does not answer: a certain cause on the way to it explains them away. */
const OF_THE_FAR_END: ReadonlySet<CauseId> = new Set(['dns-server-unreachable-from-container']);

/** Without the causes that others explain away, whose flows go to the cause that does. */
export function notExplainedAway(found: readonly FoundCause[], flows: readonly Flow[]): readonly FoundCause[] {
  const asked = ({ ruling }: FoundCause) =>
    flows.filter(({ id, probe }) => ruling.explains.includes(id) && probe.to.name === undefined).map(askedOf);
  return found.reduce((rest, one) => {
    const ends = isOfFarEnd(one) ? asked(one) : [];
    const other = rest.find(
      (by) => by.ruling.confidence === 'certain' && !isOfFarEnd(by) && ends.every((end) => asked(by).includes(end)),
    );
    if (!other || ends.length === 0) return rest;
    const explains = [...new Set([...other.ruling.explains, ...one.ruling.explains])];
    const ruling = { ...other.ruling, explains };
    return rest.flatMap((each) => (each === one ? [] : each === other ? [{ ...other, ruling }] : [each]));
  }, found);
}

function isOfFarEnd({ cause }: FoundCause): boolean {
  return OF_THE_FAR_END.has(cause.id as CauseId);
}

/** Which node asked for which address. */
export function askedOf({ probe: { from, to } }: { readonly probe: ProbeResult }): string {
  return `${from} ${to.address}`;
}

/** A ruling that could not tell, with its cause. */
interface Undecided {
  readonly cause: Cause;
  readonly ruling: Inconclusive;
}

/** Lists of what may be wrong beside certain causes: what those explain needs no other explanation. What lacks facts stays. */
export function beside(certain: readonly FoundCause[], undecided: readonly Undecided[]): readonly Undecided[] {
  const known = new Set(certain.flatMap(({ ruling }) => (ruling.confidence === 'certain' ? ruling.explains : [])));
  return undecided.flatMap(({ cause, ruling }) => {
    const open = ruling.explains.filter((id) => !known.has(id));
    const settled = ruling.explains.length > 0 && open.length === 0;
    return settled ? [] : [{ cause, ruling: { ...ruling, explains: open } }];
  });
}
