import type { Evidence } from '../../evidence/evidence.js';
import type { FlowPath } from '../../path/path.js';
import { pathOf } from '../../path/trace.js';
import { World } from '../../network/world.js';
import type { FoundCause } from '../diagnosis.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/**
 * Causes with what else dies of them: a rule that stops containers often stops the host, or another machine, beside them. Such
 * a check is explained too when it ends at the very rule, route or link a flow ends at that the cause explains.
 */
export function withBystanders(
  causes: readonly FoundCause[],
  { facts, flows, unexplained }: Pick<Evidence, 'facts'> & Readonly<Record<'flows' | 'unexplained', readonly Flow[]>>,
): readonly FoundCause[] {
  const bystanders = failing(unexplained).filter(({ container }) => container === undefined);
  if (bystanders.length === 0 || causes.length === 0) return causes;
  const world = new World(facts);
  const obstacles = new Map(bystanders.map(({ id, probe }) => [id, obstacleOf(pathOf(world, probe))]));
  return causes.map((one) => {
    const sufferers = failing(flows).filter(({ id }) => one.ruling.explains.includes(id));
    const known = new Set(sufferers.map(({ probe }) => obstacleOf(pathOf(world, probe))));
    const beside = [...obstacles].flatMap(([id, obstacle]) =>
      obstacle !== undefined && known.has(obstacle) ? [id] : [],
    );
    return beside.length === 0
      ? one
      : { ...one, ruling: { ...one.ruling, explains: [...one.ruling.explains, ...beside] } };
  });
}

/** Where a flow ends, and of what; `undefined` where nothing says what it is. */
function obstacleOf({ end, there, back }: FlowPath): string | undefined {
  const hops = end?.direction === 'there' ? there : back;
  const step = hops.find(({ measured }) => measured === 'died');
  const what = step?.traced ?? (step?.predicted.verdict === 'blocks' ? step.predicted.because : undefined);
  // A trace shows a rule without the handle it is listed with.
  return what && `${step?.node} ${step?.hop}: ${what.replace(/ drops it$/, '').replace(/ \(handle \d+\)/, '')}`;
}
