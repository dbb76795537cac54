import type { FirewallRule, LinkFilter } from '../../evidence/facts.js';
import {
  filtersOn,
  namedFilter,
  netdevRules,
  sameFilter,
  type LinkDecider,
  type LinkFiltered,
} from '../../network/link-filter.js';
import type { NetworkState } from '../../network/network-state.js';
import { isLayer3 } from '../../network/networks.js';
import { decidingRule, sameDecider } from '../../network/packet-filter.js';
import { comesByParent } from '../../path/predict/hops.js';
import { transportOf } from '../../scenario/plan.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, farAddress, seenByTarget } from '../flow-questions.js';
import { isPredicted, predictedBlock } from '../predicted.js';
import { onParent, arpSeen, sighting } from './wire.js';

type View = Pick<Observed, 'flows' | 'network' | 'observed' | 'paths'>;

/** A failing flow whose packets are lost at the parent link itself, where a filter is attached. */
export interface FilteredOnLink {
  readonly flow: Flow;
  readonly way: LinkFilter['way'];
  /** The filter. */
  readonly by: LinkDecider;
  /** Whether it can be read that it drops the packet; else only the filter itself can tell. */
  readonly sure: boolean;
  /** The sibling that sends requests, where the filter drops the replies to it as well. */
  readonly asker?: string;
}

/** The failing flows that filters on their parent account for. */
export function filteredOnLink(view: View): readonly FilteredOnLink[] {
  return failing(view.flows).flatMap((flow) => {
    if (flow.peer === 'sibling') return comesByParent(flow.network) ? betweenSiblings(view, flow) : [];
    return crossesParent(flow)
      ? (filteredThere(view, flow, 'egress') ?? filteredThere(view, flow, 'ingress') ?? [])
      : [];
  });
}

/** What one container sends another comes in through their parent, and never leaves: the request, or the reply. */
function betweenSiblings(view: View, flow: Flow): readonly FilteredOnLink[] {
  const asked = seenByTarget(view.network, flow);
  const request = asked && filteredThere(view, asked, 'ingress');
  const reply = request ? undefined : filteredThere(view, flow, 'ingress');
  const both = request !== undefined && filterEffect(view.network, flow, 'ingress').kind === 'blocks';
  return [request && both ? { ...request, asker: flow.from.address } : request, reply].filter(
    (one) => one !== undefined,
  );
}

function filteredThere(view: View, flow: Flow, way: LinkFilter['way']): FilteredOnLink | undefined {
  const lost = isPredicted(flow) ? isPredictedThere(view, flow, way) : isLostThere(view, flow, way);
  if (!lost) return undefined;
  const effect = filterEffect(view.network, flow, way);
  return effect.kind === 'passes' ? undefined : { flow, way, by: effect.by, sure: effect.kind === 'blocks' };
}

function isLostThere(view: View, flow: Flow, way: LinkFilter['way']): boolean {
  return way === 'egress' ? neverLeft(view, flow) : neverArrived(view, flow);
}

/** A flow that nothing was sent for: whether the model stops it at a filter on the parent. What it begins comes in there. */
function isPredictedThere({ paths }: View, flow: Flow, way: LinkFilter['way']): boolean {
  const block = predictedBlock(paths, flow);
  return block?.hop.hop === 'parent' && block.direction === (way === 'ingress' ? 'forward' : 'return');
}

/** What the filters on a flow's parent do to what its container sends, or to what is sent to it. */
function filterEffect(network: NetworkState, flow: Flow, way: LinkFilter['way']): LinkFiltered {
  const far = farAddress(flow);
  const own = flow.containerAddress ?? '';
  const [source, destination] = way === 'egress' ? [own, far] : [far, own];
  const side = { node: network.names.hostName, device: flow.network?.parent ?? '', way };
  return network.linkFiltered(side, { source, destination, protocol: transportOf(flow.probe.over) });
}

/** The container's own packets, requests or replies, are not on the wire; nor do they wait for a MAC address. */
function neverLeft(view: View, flow: Flow): boolean {
  const { requests, replies, reliable } = onParent(view, flow);
  // In L3 what goes to the host itself never leaves through the parent.
  if (!reliable || (flow.outbound && flow.peer === 'host' && isLayer3(flow.network))) return false;
  if (!flow.outbound) return requests.length > 0 && replies.length === 0;
  const { asked, answered } = arpSeen(view, flow);
  return requests.length === 0 && !(asked && !answered);
}

/** What is sent to the container came to its parent, from the wire or from a sibling, and is not on its own link. */
function neverArrived(view: View, flow: Flow): boolean {
  const wire = onParent(view, flow);
  const inside = sighting(flow, view.observed.capture(flow.container?.name ?? ''));
  const [came, got] = flow.outbound ? [wire.replies, inside.replies] : [wire.requests, inside.requests];
  const fromSibling = flow.peer === 'sibling';
  return (
    wire.reliable &&
    inside.reliable &&
    came.some(({ direction }) => fromSibling || direction === 'in') &&
    got.length === 0
  );
}

/** The filters on a flow's parent that drop it, or may. */
export interface BlockingFilters {
  readonly rules: readonly FirewallRule[];
  readonly filters: readonly LinkFilter[];
  readonly programs: readonly LinkFilter[];
}

export function blockingFilters(network: NetworkState, { flow, way, by }: FilteredOnLink): BlockingFilters {
  const node = network.names.hostName;
  const side = { node, device: flow.network?.parent ?? '', way };
  const rules = netdevRules(network.firewall(node), side).filter(
    (rule) => rule.verdict === 'drop' && by.kind === 'rule' && sameDecider(by, decidingRule(rule)),
  );
  const filters = filtersOn(network.links.filters(node) ?? [], side).filter(
    (filter) => by.kind === 'link-filter' && sameFilter(by.filter, namedFilter(filter)),
  );
  return {
    rules,
    filters: filters.filter(({ kind }) => kind === 'tc'),
    programs: filters.filter(({ kind }) => kind === 'xdp'),
  };
}
