import { distinctChanges } from '../../../diagnosis/remedies/change.js';
import type { FoundRemedy } from '../../../diagnosis/diagnosis.js';
import type { Diagnosis, FoundCause } from '../../../diagnosis/diagnosis.js';

/**
 * A diagnosis with what a second look showed once the remedies of the first were applied: causes that had hidden behind others,
 * after those, and wider remedies of causes that had shown only in part. Pure.
 */
export function withSecondLook(first: Diagnosis, second: Diagnosis): Diagnosis {
  const later = second.found.filter(({ cause, ruling }) => cause.kind === 'fault' && ruling.explains.length > 0);
  const known = first.found.map((one) => widened(one, later));
  const fresh = later.filter(({ cause }) => !first.found.some((one) => one.cause.id === cause.id)).map(uncovered);
  const explained = new Set([...known, ...fresh].flatMap(({ ruling }) => ruling.explains));
  const told = new Set(fresh.map(({ cause }) => cause.id));
  return {
    ...first,
    found: [...known, ...fresh],
    ruledOut: first.ruledOut.filter(({ cause }) => !told.has(cause.id)),
    inconclusive: first.inconclusive.filter(
      ({ cause, ruling }) => !told.has(cause.id) && !ruling.oneOf.some((id) => told.has(id)),
    ),
    unexplained: first.unexplained.filter((id) => !explained.has(id)),
  };
}

function uncovered(one: FoundCause): FoundCause {
  return { ...one, ruling: { ...one.ruling, because: [{ kind: 'second-look' }, ...one.ruling.because] } };
}

/** The same cause with the commands it takes as well, and what else fails for it. */
function widened(one: FoundCause, later: readonly FoundCause[]): FoundCause {
  const more = later.find(({ cause }) => cause.id === one.cause.id);
  if (!more) return one;
  const explains = [...new Set([...one.ruling.explains, ...more.ruling.explains])];
  return { ...one, ruling: { ...one.ruling, explains }, remedies: joined(one.remedies, more.remedies) };
}

function joined(remedies: readonly FoundRemedy[], more: readonly FoundRemedy[]): readonly FoundRemedy[] {
  const runnable = remedies.find(({ use }) => use === 'run');
  const wider = more.find(({ use }) => use === 'run');
  if (!runnable || !wider) return remedies;
  const had = new Set(runnable.commands.map(({ on, run }) => `${on} ${run}`));
  const commands = [...runnable.commands, ...wider.commands.filter(({ on, run }) => !had.has(`${on} ${run}`))];
  const changes = distinctChanges([...runnable.changes, ...wider.changes]);
  return remedies.map((remedy) => (remedy === runnable ? { ...remedy, commands, changes } : remedy));
}
