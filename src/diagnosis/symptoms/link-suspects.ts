import type { FirewallRule, LinkFilter } from '../../evidence/facts.js';
import { comesByParent } from '../../path/predict/hops.js';
import {
  filtersOn,
  linkFiltered,
  namedFilter,
  netdevRules,
  sameFilter,
  type LinkDecider,
  type LinkFiltered,
} from '../../network/link-filter.js';
import { decidingRule, sameDecider } from '../../network/packet-filter.js';
import { transportOf } from '../../scenario/plan.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, seenByTarget } from '../flow-questions.js';
import { isLayer3 } from '../../network/networks.js';
import { hostName } from '../reading.js';
import { captureAt, questFor, sighting } from './wire.js';

/** What must be known to tell that a filter on the parent link takes packets away. */
export type LinkNeeds = 'nodes' | 'captures' | 'firewall';

/** A failing flow whose packets went missing at the parent link itself, where a filter hangs. */
export interface LinkVictim {
  readonly flow: Flow;
  readonly way: LinkFilter['way'];
  /** The filter. */
  readonly by: LinkDecider;
  /** Whether it can be read that it drops the packet; else only it knows. */
  readonly sure: boolean;
  /** The sibling that asks, where the filter takes what answers it as well. */
  readonly asker?: string;
}

/** What can be known of a link's filters and of who meets them. */
type LinkView = View<LinkNeeds, 'linkFilters' | 'containers' | 'networks'>;

/** The failing flows that filters on their parent account for. */
export function linkVictims(view: LinkView): readonly LinkVictim[] {
  return failing(view.flows).flatMap((flow) => {
    if (flow.peer === 'sibling') return comesByParent(flow.network) ? siblingVictims(view, flow) : [];
    return crossesParent(flow) ? (victimAt(view, flow, 'egress') ?? victimAt(view, flow, 'ingress') ?? []) : [];
  });
}

/** What one container sends another comes in by their parent, and never leaves: the question for one, or the answer for the other. */
function siblingVictims(view: LinkView, flow: Flow): readonly LinkVictim[] {
  const asked = seenByTarget(view.network, flow);
  const question = asked && victimAt(view, asked, 'ingress');
  const answer = question ? undefined : victimAt(view, flow, 'ingress');
  const both = question !== undefined && filteredAt(view, flow, 'ingress').kind === 'blocks';
  return [question && both ? { ...question, asker: flow.from.address } : question, answer].filter(
    (one) => one !== undefined,
  );
}

/** What hangs on a victim's parent and may be to blame. */
export interface LinkSuspects {
  readonly rules: readonly FirewallRule[];
  readonly filters: readonly LinkFilter[];
  readonly programs: readonly LinkFilter[];
}

export function linkSuspects(view: LinkView, { flow, way, by }: LinkVictim): LinkSuspects {
  const node = hostName(view.nodes);
  const side = { node, device: flow.network?.parent ?? '', way };
  const rules = netdevRules(view.firewall[node], side).filter(
    (rule) => rule.verdict === 'drop' && by.kind === 'rule' && sameDecider(by, decidingRule(rule)),
  );
  const filters = filtersOn(view.linkFilters?.[node] ?? [], side).filter(
    (filter) => by.kind === 'link-filter' && sameFilter(by.filter, namedFilter(filter)),
  );
  return {
    rules,
    filters: filters.filter(({ kind }) => kind === 'tc'),
    programs: filters.filter(({ kind }) => kind === 'xdp'),
  };
}

function victimAt(view: LinkView, flow: Flow, way: LinkFilter['way']): LinkVictim | undefined {
  if (!(way === 'egress' ? neverLeft(view, flow) : neverArrived(view, flow))) return undefined;
  const outcome = filteredAt(view, flow, way);
  return outcome.kind === 'passes' ? undefined : { flow, way, by: outcome.by, sure: outcome.kind === 'blocks' };
}

/** What the filters on a flow's parent make of what its container sends, or of what is for it. */
function filteredAt(view: LinkView, flow: Flow, way: LinkFilter['way']): LinkFiltered {
  const far = flow.outbound ? flow.to.address : flow.from.address;
  const own = flow.containerAddress ?? '';
  const [source, destination] = way === 'egress' ? [own, far] : [far, own];
  const side = { node: hostName(view.nodes), device: flow.network?.parent ?? '', way };
  return linkFiltered(view, side, { source, destination, protocol: transportOf(flow.probe.over) });
}

/** The container's own packets, requests or answers, are not on the wire; nor do they wait for a hardware address. */
function neverLeft(view: View<LinkNeeds>, flow: Flow): boolean {
  const { requests, replies, reliable } = sighting(flow, captureAt(view.captures, hostName(view.nodes)));
  // In L3 what goes to the host itself never takes the parent.
  if (!reliable || (flow.outbound && flow.peer === 'host' && isLayer3(flow.network))) return false;
  if (!flow.outbound) return requests.length > 0 && replies.length === 0;
  const quest = questFor(view, flow);
  return requests.length === 0 && !(quest.asked && !quest.answered);
}

/** What is for the container came to its parent, from the wire or from a sibling, and is not on its own link. */
function neverArrived({ captures, nodes }: View<LinkNeeds>, flow: Flow): boolean {
  const wire = sighting(flow, captureAt(captures, hostName(nodes)));
  const inside = sighting(flow, captureAt(captures, flow.container?.name ?? ''));
  const [came, got] = flow.outbound ? [wire.replies, inside.replies] : [wire.requests, inside.requests];
  const fromSibling = flow.peer === 'sibling';
  return (
    wire.reliable &&
    inside.reliable &&
    came.some(({ direction }) => fromSibling || direction === 'in') &&
    got.length === 0
  );
}
