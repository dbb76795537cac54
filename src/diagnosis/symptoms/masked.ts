import type { FactName, Facts } from '../../evidence/facts.js';
import type { Hop } from '../../path/hop.js';
import type { Measurement } from '../../path/path.js';
import type { Reason } from '../../path/reason.js';
import { pathOf } from '../../path/trace.js';
import { World } from '../../network/world.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/** What the model reads to say what would become of packets beyond the place they die at. */
export const MASKED_USES = [
  ...(['containers', 'links', 'linkFilters', 'routes', 'rules', 'captures', 'firewall', 'sysctls'] as const),
  ...(['neighbours', 'sockets', 'traces'] as const),
] satisfies readonly FactName[];

/** A failing check that dies of something else, and would die at a hop as well. */
export interface Masked {
  readonly flow: Flow;
  /** What the model says stops it there. */
  readonly reason: Reason;
  /** Whether it was measured to end there all the same, and not before. */
  readonly died: boolean;
}

const AHEAD: ReadonlySet<Measurement> = new Set(['died', 'not reached']);

/**
 * Failing checks of containers that never get as far as a hop, and that the rules there would stop too: cured of what stops
 * them now, they would go on failing. Only rules that can be read for sure count.
 */
export function maskedAt(view: Observed & Partial<Facts>, hop: Hop): readonly Masked[] {
  const world = new World(view);
  return failing(view.flows)
    .filter(({ container, probe }) => container !== undefined && probe.purpose === 'check')
    .flatMap((flow) => {
      const { there, back } = pathOf(world, flow.probe);
      const step = [...there, ...back].find((one) => one.hop === hop && AHEAD.has(one.measured));
      if (step?.predicted.verdict !== 'blocks') return [];
      return [{ flow, reason: step.predicted.reason, died: step.measured === 'died' }];
    });
}
