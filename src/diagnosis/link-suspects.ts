import type { FirewallRule, LinkFilter } from '../evidence/facts.js';
import { filterText, filtersOn, linkFiltered, netdevRules } from '../path/link-filter.js';
import type { View } from './cause.js';
import type { Flow } from './flow.js';
import { crossesParent, failing, hostName, isLayer3 } from './reading.js';
import { captureAt, questFor, sighting } from './wire.js';

/** What must be known to tell that a filter on the parent link takes packets away. */
export type LinkNeeds = 'nodes' | 'captures' | 'firewall';

/** A failing flow whose packets went missing at the parent link itself, where a filter hangs. */
export interface LinkVictim {
  readonly flow: Flow;
  readonly way: LinkFilter['way'];
  /** The filter, as an administrator would find it again. */
  readonly by: string;
  /** Whether it can be read that it drops the packet; else only it knows. */
  readonly sure: boolean;
}

/** The failing flows that filters on their parent account for. */
export function linkVictims(view: View<LinkNeeds, 'linkFilters'>): readonly LinkVictim[] {
  return failing(view.flows)
    .filter(crossesParent)
    .flatMap((flow) => victimAt(view, flow, 'egress') ?? victimAt(view, flow, 'ingress') ?? []);
}

/** What hangs on a victim's parent and may be to blame. */
export interface LinkSuspects {
  readonly rules: readonly FirewallRule[];
  readonly filters: readonly LinkFilter[];
  readonly programs: readonly LinkFilter[];
}

export function linkSuspects(view: View<LinkNeeds, 'linkFilters'>, { flow, way, by }: LinkVictim): LinkSuspects {
  const node = hostName(view.nodes);
  const side = { node, device: flow.network?.parent ?? '', way };
  const rules = netdevRules(view.firewall[node], side).filter(
    ({ verdict, text }) => verdict === 'drop' && by.includes(text),
  );
  const filters = filtersOn(view.linkFilters?.[node] ?? [], side).filter((filter) => by === filterText(filter));
  return {
    rules,
    filters: filters.filter(({ kind }) => kind === 'tc'),
    programs: filters.filter(({ kind }) => kind === 'xdp'),
  };
}

function victimAt(view: View<LinkNeeds, 'linkFilters'>, flow: Flow, way: LinkFilter['way']): LinkVictim | undefined {
  if (!(way === 'egress' ? neverLeft(view, flow) : neverArrived(view, flow))) return undefined;
  const node = hostName(view.nodes);
  const far = flow.outbound ? flow.to.address : flow.from.address;
  const own = flow.containerAddress ?? '';
  const [source, destination] = way === 'egress' ? [own, far] : [far, own];
  const { protocol: over } = flow.probe.over;
  const protocol = { http: 'tcp', dns: 'udp', mtu: 'icmp' }[over as string] ?? over;
  const device = flow.network?.parent ?? '';
  const outcome = linkFiltered(view, { node, device, way }, { source, destination, protocol });
  return outcome.kind === 'passes' ? undefined : { flow, way, by: outcome.by, sure: outcome.kind === 'blocks' };
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

/** What is for the container is on the wire, and not on its own link. */
function neverArrived({ captures, nodes }: View<LinkNeeds>, flow: Flow): boolean {
  const wire = sighting(flow, captureAt(captures, hostName(nodes)));
  const inside = sighting(flow, captureAt(captures, flow.container?.name ?? ''));
  const [came, got] = flow.outbound ? [wire.replies, inside.replies] : [wire.requests, inside.requests];
  return wire.reliable && came.some(({ direction }) => direction === 'in') && got.length === 0;
}
