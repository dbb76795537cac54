import { FAULTS } from '../../faults/index.js';
import type { Plan } from '../../scenario/plan.js';
import type { NodeCommand } from '../../topology/execute.js';

/** The commands of a plan's faults, in order: those of the catalogue and free-form ones. */
export function commandsOf(plan: Plan): readonly NodeCommand[] {
  return plan.faults.flatMap((fault) =>
    fault.kind === 'command' ? [fault] : (FAULTS.get(fault.fault)?.commands(plan, fault.parameters) ?? []),
  );
}
