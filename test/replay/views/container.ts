import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { Plan } from '../../../src/scenario/plan.js';
import type { Evidence } from '../../../src/evidence/evidence.js';

/**
 * The container that a user would ask about: one end of the first failing check that a cause explains, of the first failing one at
 * all, or the first there is.
 *
 * @param site what the run in the lab saw; absent where it was not recorded
 * @returns `undefined` where the scenario has no container
 */
export function suffering(plan: Plan, site: Evidence | undefined): string | undefined {
  const [first] = plan.containers;
  const isContainer = (name: string | undefined) => plan.containers.some((one) => one.name === name);
  if (!site) return first?.name;
  const { found, flows } = diagnose(site);
  const explained = new Set(found.flatMap(({ ruling }) => ruling.explains));
  const failing = flows.filter(({ arrival, probe }) => arrival !== 'all' && probe.purpose === 'check');
  const ends = [...failing.filter(({ id }) => explained.has(id)), ...failing].flatMap(({ probe }) => [
    probe.from,
    probe.to.node,
  ]);
  return ends.find(isContainer) ?? first?.name;
}
