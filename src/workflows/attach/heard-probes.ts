import type { Outcome, ProbeResult } from '../../evidence/evidence.js';
import type { ContainerFact, NodeFact } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import type { HeardAt, HeardConnection, HeardFlowSeen } from '../../network/observations/heard.js';
import { countsAt } from '../../report/words/heard.js';
import type { Over, Target } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';

/** Who is around the container that was listened to. */
export interface HeardAround {
  readonly container: ContainerFact;
  readonly nodes: readonly NodeFact[];
  /** Names of the nodes that were looked into: what the others send comes in by the parent. */
  readonly live: ReadonlySet<string>;
}

/**
 * A flow that was heard, as evidence: how many of its connections were answered, and the mark of one that tells most. Pure.
 *
 * @returns `undefined` where it does not tell: a single request that may be answered yet, or one over UDP to a service that need not reply
 */
export function heardProbe(flow: HeardFlowSeen, around: HeardAround): ProbeResult | undefined {
  const judged = flow.connections.map((connection) => ({ connection, fate: fateOf(connection, flow, around) }));
  const told = judged.filter(({ fate }) => fate !== 'open');
  const [first] = told;
  if (!first) return undefined;
  const lost = told.find(({ fate }) => fate === 'lost') ?? told.find(({ fate }) => fate === 'refused');
  const { from, to, source } = endsOf(flow, around);
  const { protocol, port } = flow;
  const over: Over = protocol === 'icmp' ? { protocol } : { protocol, port: port ?? 0 };
  return {
    ...{ id: makeCheck(from, to, over).id, from, to, over, purpose: 'check', command: '' },
    tag: (lost ?? first).connection.tag,
    ...(source === undefined ? {} : { source }),
    overheard: true,
    outcome: outcomeOf(flow, {
      sent: told.length,
      arrived: told.filter(({ fate }) => fate === 'answered').length,
      failure: lost?.fate,
    }),
  };
}

type Fate = 'answered' | 'refused' | 'lost' | 'open';

function outcomeOf(
  flow: HeardFlowSeen,
  { sent, arrived, failure }: { readonly sent: number; readonly arrived: number; readonly failure: Fate | undefined },
): Outcome {
  return {
    ...{ kind: 'attempts', sent, arrived, roundTripMs: undefined, ttl: undefined },
    failure: failure === undefined ? undefined : failure === 'refused' ? 'refused' : 'timeout',
    said: countsAt(flow),
    answers: [],
  };
}

/** A request that was sent once may be on its way; one that was repeated is lost. */
function fateOf({ at }: HeardConnection, flow: HeardFlowSeen, { container, nodes }: HeardAround): Fate {
  const inside = summed(at.filter(({ node }) => node === container.name));
  const outside = summed(at.filter(({ node }) => node !== container.name));
  const fromSibling = nodes.some(
    ({ kind, addresses }) => kind === 'container' && addresses.some((one) => sameAddress(one, flow.peer)),
  );
  const inbound = flow.direction === 'inbound';
  const end = inbound && outside.requests > 0 && !fromSibling ? outside : inside.requests > 0 ? inside : outside;
  if (end.replies > 0) return 'answered';
  if (end.refusals > 0) return 'refused';
  if (Math.max(inside.requests, outside.requests) < 2) return 'open';
  if (flow.protocol !== 'udp' || flow.port === DNS) return 'lost';
  // It got there, or left, and no service has to reply over UDP.
  const missed = inbound ? inside.requests === 0 || inside.replies > 0 : outside.replies > 0;
  return missed ? 'lost' : 'open';
}

const DNS = 53;

function summed(all: readonly HeardAt[]): Pick<HeardAt, 'requests' | 'replies' | 'refusals'> {
  const sum = (part: 'requests' | 'replies' | 'refusals') => all.reduce((count, one) => count + one[part], 0);
  return { requests: sum('requests'), replies: sum('replies'), refusals: sum('refusals') };
}

function endsOf({ direction, own, peer }: HeardFlowSeen, { container, nodes, live }: HeardAround) {
  const node = nodes.find(({ addresses }) => addresses.some((one) => sameAddress(one, peer)))?.name;
  const main = container.attachments.flatMap(({ addresses }) => addresses)[0];
  if (direction === 'outbound') {
    const to: Target = { label: node ?? peer, node, name: undefined, address: peer };
    return { from: container.name, to, source: undefined };
  }
  const label = main !== undefined && sameAddress(main, own) ? container.name : own;
  const to: Target = { label, node: container.name, name: undefined, address: own };
  return node !== undefined && live.has(node)
    ? { from: node, to, source: undefined }
    : { from: peer, to, source: peer };
}
