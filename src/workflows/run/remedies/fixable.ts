import type { PrintedCommand } from '../../../diagnosis/diagnosis.js';
import type { Diagnosis, FoundCause } from '../../../diagnosis/diagnosis.js';
import { failing } from '../../../diagnosis/flow-questions.js';
import type { CheckPlan } from '../../../scenario/plan.js';

/**
 * Checks that fail because of causes found, that a container takes part in, if any does, and that remedies can fix. A check also fails for a
 * cause whose remedy no run can apply: it goes on failing when the others are fixed, and does not count.
 */
export function fixableChecks(
  checks: readonly CheckPlan[],
  { flows, found }: Pick<Diagnosis, 'flows' | 'found'>,
): readonly CheckPlan[] {
  const all = failing(flows);
  const ofContainers = new Set(all.flatMap(({ id, container }) => (container === undefined ? [] : [id])));
  // Where a container is the router, no container is at either end.
  const beside = found.flatMap(({ ruling: { explains } }) =>
    explains.some((id) => ofContainers.has(id)) ? [] : explains,
  );
  const failed = new Set([...ofContainers, ...all.flatMap(({ id }) => (beside.includes(id) ? [id] : []))]);
  return checks.filter(({ id }) => {
    const causes = found.filter(({ ruling }) => ruling.explains.includes(id));
    return failed.has(id) && causes.length > 0 && causes.every(isRunnable);
  });
}

/** A cause whose remedy a run applies. */
export interface FixableCause {
  readonly id: string;
  /** Those of the cause's first runnable remedy. */
  readonly commands: readonly PrintedCommand[];
  /** Checks that remedies can fix and that it explains; at least one. */
  readonly checks: readonly CheckPlan[];
  /** Those of them that no other cause explains. */
  readonly alone: readonly CheckPlan[];
}

/** The causes found whose remedies can be run, and that explain a check that remedies can fix. */
export function fixableCauses(
  checks: readonly CheckPlan[],
  diagnosis: Pick<Diagnosis, 'flows' | 'found'>,
): readonly FixableCause[] {
  const open = fixableChecks(checks, diagnosis);
  return diagnosis.found.flatMap((one) => {
    const explained = open.filter(({ id }) => one.ruling.explains.includes(id));
    const others = diagnosis.found.filter((other) => other !== one);
    const alone = explained.filter(({ id }) => !others.some(({ ruling }) => ruling.explains.includes(id)));
    const commands = runnable(one)?.commands ?? [];
    return explained.length === 0 ? [] : [{ id: one.cause.id, commands, checks: explained, alone }];
  });
}

/** Why no remedy is to be tried; `undefined` when one is. */
export function reasonNotTo(checks: readonly CheckPlan[], diagnosis: Diagnosis): string | undefined {
  const { found } = diagnosis;
  if (found.length === 0) return 'no cause was found';
  if (!found.some(isRunnable)) return 'no remedy can be run: it needs hands elsewhere';
  if (fixableChecks(checks, diagnosis).length > 0) return undefined;
  const stuck = found.find((one) => one.ruling.explains.length > 0 && !isRunnable(one));
  return stuck ? `what ${stuck.cause.id} stops needs hands elsewhere` : NONE_FAILED;
}

/** Why the remedy of a cause is not tried that explains no check that remedies can fix. */
export const NONE_FAILED = 'no check of a container failed because of it';

export function isRunnable(one: FoundCause): boolean {
  return runnable(one) !== undefined;
}

function runnable({ remedies }: FoundCause) {
  return remedies.find(({ use }) => use === 'run');
}
