import type { Capture, NetworkFact } from '../../evidence/facts.js';
import { contains, sameAddress } from '../../ip.js';
import { sourcesOf } from '../../path/observe/sighting.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, telling } from '../flow-questions.js';
import { isLayer3 } from '../../network/networks.js';
import { hostName } from '../reading.js';
import { captureAt, sighting } from './wire.js';

/** What must be known to see that a network carries the host's addresses and not its containers'. */
export const FABRIC_NEEDS = ['nodes', 'networks', 'links', 'captures'] as const;
export type FabricNeeds = (typeof FABRIC_NEEDS)[number];

/** Containers whose packets leave the host properly and are never answered by anybody, while the host is. */
export interface CutOff {
  /** Everything of theirs that fails beyond the parent. */
  readonly flows: readonly Flow[];
  /** The one to tell the story with. */
  readonly flow: Flow;
  readonly parent: string;
  /** Packets of theirs the parent was seen to send. */
  readonly left: number;
  /**
   * Nodes beyond the parent that were seen to get what the containers sent them. Empty: they were listened at, and got
   * nothing. Absent when none could be listened at.
   */
  readonly reached: readonly string[] | undefined;
}

/**
 * The look of a network that filters by address: everything leaves, nothing comes back, whoever is asked.
 *
 * @param which networks it is asked of
 * @returns `undefined` where the host fares no better, or anything from outside answers such a container
 */
export function cutOff(
  view: View<FabricNeeds>,
  which: (network: NetworkFact | undefined) => boolean,
): CutOff | undefined {
  const host = hostName(view.nodes);
  // In L2 the host itself never answers; in L3 its answers take the gateway's way.
  const beyond = view.flows.filter(
    (flow) =>
      crossesParent(flow) &&
      which(flow.network) &&
      (flow.peer !== 'host' || isLayer3(flow.network)) &&
      flow.peer !== 'other-container',
  );
  const carried = new Set(beyond.filter(({ arrival }) => arrival === 'all').map(({ container }) => container?.name));
  const lost = failing(beyond).filter(({ container }) => !carried.has(container?.name));
  const unanswered = lost.filter(
    (flow) => flow.outbound && flow.peer !== 'host' && leftInVain(view, flow) && hostIsAnswered(view, flow),
  );
  const flow = telling(unanswered);
  const parent = flow?.network?.parent;
  if (!flow || parent === undefined) return undefined;
  const names = new Set(unanswered.map(({ container }) => container?.name));
  return {
    flows: lost.filter(({ container }) => names.has(container?.name)),
    flow,
    parent,
    left: sighting(flow, captureAt(view.captures, host, parent)).requests.length,
    reached: reachedBy(view, unanswered),
  };
}

/** It was seen to leave by the parent, from the container's own address, and no answer came in. */
function leftInVain({ captures, nodes }: View<FabricNeeds>, flow: Flow): boolean {
  const capture = captureAt(captures, hostName(nodes), flow.network?.parent);
  const { requests, replies, reliable } = sighting(flow, capture);
  const own = sourcesOf(requests).some((source) => sameAddress(source, flow.containerAddress ?? ''));
  return reliable && own && replies.length === 0;
}

/** Whether the host gets an answer from where the flow goes. */
function hostIsAnswered({ flows, nodes }: View<FabricNeeds>, { to, peer }: Flow): boolean {
  return flows.some(
    (other) =>
      other.from.node?.name === hostName(nodes) &&
      other.arrival === 'all' &&
      (sameAddress(other.to.address, to.address) || (peer === 'internet' && other.to.node?.kind === 'internet')),
  );
}

function reachedBy(view: View<FabricNeeds>, flows: readonly Flow[]): readonly string[] | undefined {
  const heard = flows.flatMap((flow) =>
    listening(view, flow).map((capture) => ({
      node: capture.node,
      got: sighting(flow, capture).requests.some(({ direction }) => direction === 'in'),
    })),
  );
  if (heard.length === 0) return undefined;
  return [...new Set(heard.filter(({ got }) => got).map(({ node }) => node))];
}

/** Captures where a flow must show when it arrives: at its target, and at the gateway it leaves the LAN by. */
function listening({ captures, nodes, links }: View<FabricNeeds>, flow: Flow): readonly Capture[] {
  const passes = (capture: Capture) => {
    if (capture.node === flow.to.node?.name) return true;
    const isGateway = nodes.some(({ name, kind }) => name === capture.node && kind === 'gateway');
    return isGateway && flow.peer === 'internet' && facesHost(capture);
  };
  const facesHost = ({ node, device }: Capture) => {
    const host = nodes.find(({ kind }) => kind === 'host')?.addresses ?? [];
    const link = links[node]?.find(({ name }) => name === device);
    return link?.addresses.some((own) => host.some((address) => contains(own, address))) ?? false;
  };
  return captures.filter((capture) => capture.control === 'seen' && passes(capture));
}

/** What was seen of it, each with the place. */
export function fabricSaw({ nodes }: View<FabricNeeds>, { flow, parent, left, reached }: CutOff): readonly string[] {
  const other = reached?.[0];
  return [
    `${parent}: ${left} requests of ${flow.containerAddress} to ${flow.to.address} left, no answer came back.`,
    `${hostName(nodes)} itself is answered from there.`,
    ...(reached === undefined
      ? []
      : [other === undefined ? `Nobody gets what the containers send.` : `${other}: gets what the containers send.`]),
  ];
}
