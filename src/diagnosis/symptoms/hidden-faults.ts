import type { Hop } from '../../path/hop.js';
import type { HopObservation } from '../../path/path.js';
import type { Reason } from '../../path/reason.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/** A failing check that is lost elsewhere, and would be lost at a hop as well. */
export interface HiddenFault {
  readonly flow: Flow;
  /** What is predicted to stop it there. */
  readonly reason: Reason;
  /** Whether it was observed to end there all the same, and not before. */
  readonly endsHere: boolean;
}

const AHEAD: ReadonlySet<HopObservation> = new Set(['lost', 'not reached']);

/**
 * Failing checks of containers that never get as far as a hop, and that the rules there would stop too: with what stops
 * them now fixed, they would go on failing. Only rules that can be read for sure count.
 */
export function hiddenAt({ flows, paths }: Pick<Observed, 'flows' | 'paths'>, hop: Hop): readonly HiddenFault[] {
  return failing(flows)
    .filter(({ container, probe }) => container !== undefined && probe.purpose === 'check')
    .flatMap((flow) => {
      const { forward, return: returned } = paths.ofAny(flow.probe);
      const step = [...forward, ...returned].find((one) => one.hop === hop && AHEAD.has(one.observed));
      if (step?.predicted.verdict !== 'blocks') return [];
      return [{ flow, reason: step.predicted.reason, endsHere: step.observed === 'lost' }];
    });
}
