import { sameDecider, type Decider } from '../../network/packet-filter.js';
import type { Hop } from '../../path/hop.js';
import type { FlowPath } from '../../path/path.js';
import { reasonKey, type Reason } from '../../path/reason.js';
import type { Paths } from '../../path/paths.js';
import type { FoundCause } from '../diagnosis.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';

/**
 * Causes with what else dies of them: a rule that stops containers often stops the host, or another machine, beside them. Such
 * a check is explained too when it ends at the very rule, route or link a flow ends at that the cause explains.
 */
export function withAffectedFlows(
  causes: readonly FoundCause[],
  { paths, flows, unexplained }: { readonly paths: Paths } & Readonly<Record<'flows' | 'unexplained', readonly Flow[]>>,
): readonly FoundCause[] {
  const bystanders = failing(unexplained).filter(({ container }) => container === undefined);
  if (bystanders.length === 0 || causes.length === 0) return causes;
  const obstacles = bystanders.map(({ id, probe }) => ({ id, obstacle: blockageOf(paths.whatever(probe)) }));
  return causes.map((one) => {
    const sufferers = failing(flows).filter(({ id }) => one.ruling.explains.includes(id));
    const known = sufferers.flatMap(({ probe }) => blockageOf(paths.whatever(probe)) ?? []);
    const beside = obstacles.flatMap(({ id, obstacle }) =>
      obstacle !== undefined && known.some((other) => isSame(obstacle, other)) ? [id] : [],
    );
    return beside.length === 0
      ? one
      : { ...one, ruling: { ...one.ruling, explains: [...one.ruling.explains, ...beside] } };
  });
}

/** What stops a flow, and where. */
interface Blockage {
  readonly node: string;
  readonly hop: Hop;
  readonly what: Decider | Reason;
}

/** `undefined` where nothing says what stops it. */
function blockageOf({ end, forward, return: returned }: FlowPath): Blockage | undefined {
  const hops = end?.direction === 'forward' ? forward : returned;
  const step = hops.find(({ observed }) => observed === 'lost');
  const what = step?.traced ?? (step?.predicted.verdict === 'blocks' ? step.predicted.reason : undefined);
  return step && what && { node: step.node, hop: step.hop, what };
}

function isSame(one: Blockage, other: Blockage): boolean {
  if (one.node !== other.node || one.hop !== other.hop) return false;
  const [decider, otherDecider] = [deciderOf(one.what), deciderOf(other.what)];
  if (decider && otherDecider) return sameDecider(decider, otherDecider);
  return !decider && !otherDecider && reasonKey(one.what as Reason) === reasonKey(other.what as Reason);
}

function deciderOf(what: Decider | Reason): Decider | undefined {
  return what.kind === 'rule' || what.kind === 'policy' ? what : undefined;
}
