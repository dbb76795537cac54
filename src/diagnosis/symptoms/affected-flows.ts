import { sameDecider, type Decider } from '../../network/packet-filter.js';
import type { Hop } from '../../path/hop.js';
import type { FlowPath, PathHop } from '../../path/path.js';
import { reasonKey, type Reason } from '../../path/reason.js';
import type { Paths } from '../../path/paths.js';
import type { FoundCause } from '../diagnosis.js';
import type { Flow } from '../flow.js';
import { failing, idsOf } from '../flow-questions.js';
import { isPredicted, predictedBlock } from '../predicted.js';
import { lookupsBeside } from './lookups.js';

/**
 * Causes with all affected flows: a rule that stops containers often stops the host, or another machine, too. A cause also
 * explains such a check when it ends at the same rule, route or link as a flow that the cause explains. What keeps a container from the
 * internet keeps its lookups of names from it too, whose packets are not followed.
 */
export function withAffectedFlows(
  causes: readonly FoundCause[],
  { paths, flows, unexplained }: { readonly paths: Paths } & Readonly<Record<'flows' | 'unexplained', readonly Flow[]>>,
): readonly FoundCause[] {
  const others = failing(unexplained).filter((flow) => flow.container === undefined || isPredicted(flow));
  if (unexplained.length === 0 || causes.length === 0) return causes;
  const blockages = others.map((flow) => ({ id: flow.id, blockage: blockageOf(paths, flow) }));
  return causes.map((one) => {
    const affected = failing(flows).filter(({ id }) => one.ruling.explains.includes(id));
    const known = affected.flatMap((flow) => blockageOf(paths, flow) ?? []);
    const alike = blockages.flatMap(({ id, blockage }) =>
      blockage !== undefined && known.some((other) => isSame(blockage, other)) ? [id] : [],
    );
    const lookups = lookupsBeside(flows, affected).filter((flow) => unexplained.includes(flow));
    const beside = [...alike, ...idsOf(lookups)];
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
function blockageOf(paths: Paths, flow: Flow): Blockage | undefined {
  const step = predictedBlock(paths, flow)?.hop ?? lostAt(paths.ofAny(flow.probe));
  const what = step?.traced ?? (step?.predicted.verdict === 'blocks' ? step.predicted.reason : undefined);
  return step && what && { node: step.node, hop: step.hop, what };
}

function lostAt({ end, forward, return: returned }: FlowPath): PathHop | undefined {
  const hops = end?.direction === 'forward' ? forward : returned;
  return hops.find(({ observed }) => observed === 'lost');
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
