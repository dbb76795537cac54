import type { FlowPath, PathEnd, PathHop } from '../path/path.js';
import type { Paths } from '../path/paths.js';
import type { Found } from './cause.js';
import type { Flow } from './flow.js';

/** Whether nothing was sent for a flow, so that only the model speaks of it. */
export function isPredicted({ probe }: Pick<Flow, 'probe'>): boolean {
  return probe.outcome.kind === 'not-asked';
}

/** A hop that is predicted to stop a flow, and in which direction. */
export interface PredictedBlock {
  readonly direction: PathEnd['direction'];
  readonly hop: PathHop;
}

/** Where a flow that nothing was sent for is predicted to end; `undefined` where the model lets it through, or cannot tell. */
export function predictedBlock(paths: Paths, flow: Flow): PredictedBlock | undefined {
  return isPredicted(flow) ? firstBlock(paths.ofAny(flow.probe)) : undefined;
}

function firstBlock({ forward, return: returned }: FlowPath): PredictedBlock | undefined {
  const stops = ({ predicted }: PathHop) => predicted.verdict !== 'passes';
  const hop = [...forward, ...returned].find(stops);
  if (hop?.predicted.verdict !== 'blocks') return undefined;
  return { direction: forward.includes(hop) ? 'forward' : 'return', hop };
}

/** Flows of which nothing was sent count as lost where the model says what stops them: for causes that judge predictions. */
export function withPredicted(paths: Paths, flows: readonly Flow[]): readonly Flow[] {
  return flows.map((flow) => (predictedBlock(paths, flow) ? { ...flow, arrival: 'none' } : flow));
}

/** A cause of which only the model shows an effect is not certain. */
export function asPredicted(ruling: Found<unknown>, flows: readonly Flow[]): Found<unknown> {
  const explained = flows.filter(({ id }) => ruling.explains.includes(id));
  return explained.length > 0 && explained.every(isPredicted) ? { ...ruling, confidence: 'likely' } : ruling;
}
