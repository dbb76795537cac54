import type { Trace } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import { lookup } from '../../network/fib.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { filteredOnLink, type FilteredOnLink } from './filtered-on-link.js';
import { MASKED_USES } from './masked.js';
import { failing, getsThrough } from '../flow-questions.js';
import { fibOf, hostName, linkState } from '../reading.js';
import { dropped, toldNoBuffer } from './turned-down.js';
import { captureAt, isTranslated, questFor, sighting } from './wire.js';

/** What must be known to tell that the host itself refuses packets. */
export type RefusalNeeds = 'nodes' | 'networks' | 'links' | 'counters' | 'captures' | 'firewall';
export const REFUSAL_NEEDS = ['nodes', 'networks', 'links', 'counters', 'captures', 'firewall'] as const;
/** What tells further who it is that refuses. */
export const REFUSAL_USES = MASKED_USES;
export type RefusalView = View<RefusalNeeds, (typeof REFUSAL_USES)[number]>;

/**
 * `everything`: whatever the container sends, or one kind of it, whoever began. `new-only`: what it begins, not what it
 * answers. `answers-only`: the other way round. `answers-at-least`: whether it may begin the like was not tried.
 * `internet-only`: the LAN stays reachable. `internet-at-least`: whether the LAN is was not tried.
 */
export type RefusalKind =
  'everything' | 'new-only' | 'answers-only' | 'answers-at-least' | 'internet-only' | 'internet-at-least';

/** What became of one container's packets on the host. */
export interface Suffering {
  /** Outbound flows whose requests never reached the wire. */
  readonly refused: readonly Flow[];
  /** Inbound flows whose requests came in and whose answers never went out. */
  readonly silenced: readonly Flow[];
  /** Outbound connections that were answered, and whose next packets never went out. */
  readonly halfOpen: readonly Flow[];
}

export function sufferingOf(view: RefusalView, flows: readonly Flow[]): Suffering {
  const above = ({ flow }: FilteredOnLink) => tracedAbove(view, flow);
  const elsewhere = new Set(filteredOnLink(view).flatMap((one) => (above(one) ? [] : [one.flow.id])));
  const lost = failing(flows).filter(
    (flow) => parentMayBeUp(view, flow) && !elsewhere.has(flow.id) && !hasNoRoute(view, flow),
  );
  // Where traces show what is dropped, answers they do not show are missing for another reason.
  const traced = lost.some((flow) => tracedAbove(view, flow));
  const silenced = lost.filter((flow) => !flow.outbound && silencedOnHost(view, flow));
  return {
    refused: lost.filter((flow) => flow.outbound && refusedBeforeWire(view, flow)),
    silenced: traced ? silenced.filter((flow) => tracedAbove(view, flow)) : silenced,
    halfOpen: lost.filter((flow) => flow.outbound && isAnswered(view, flow) && dropped(view, flow)),
  };
}

/** What traces show of the packets a flow's container sends, questions or answers: NAT leaves alone whom they are for. */
function tracesOfSent({ nodes, traces }: RefusalView, { probe: { tag }, outbound, from, to }: Flow): readonly Trace[] {
  const far = (outbound ? to : from).address;
  return (traces?.[hostName(nodes)] ?? []).filter(
    ({ tags, destination }) => tag !== undefined && tags.includes(tag) && sameAddress(destination, far),
  );
}

/** Whether a trace shows the packet filter dropping what the container sends, before a filter on the link below would. */
export function tracedAbove(view: RefusalView, flow: Flow): boolean {
  return tracesOfSent(view, flow).some(({ dropped: by }) => by !== undefined && by.family !== 'netdev');
}

/** Whether a trace shows what the container sends passing the filter, whatever becomes of it then. Traces show nothing of iptables-legacy. */
function isLetOut(view: RefusalView, flow: Flow): boolean {
  const sent = tracesOfSent(view, flow);
  const filter = view.firewall[hostName(view.nodes)];
  if (!filter || filter.chains.some(({ backend }) => backend === 'iptables-legacy')) return false;
  return sent.length > 0 && sent.every(({ dropped: by }) => by === undefined || by.family === 'netdev');
}

/** How one container is refused, judged from all its flows: those that get through tell as much as those that do not. */
export function kindOf(view: RefusalView, flows: readonly Flow[]): RefusalKind {
  const { refused, silenced, halfOpen } = sufferingOf(view, flows);
  const arrives = (test: (flow: Flow) => boolean) => flows.some((flow) => test(flow) && getsThrough(flow));
  const answersThem = refused.some(({ to }) =>
    flows.some(
      (flow) => !flow.outbound && flow.from.node?.name === to.node?.name && (getsThrough(flow) || isLetOut(view, flow)),
    ),
  );
  if (answersThem && silenced.length === 0) return 'new-only';
  if (refused.length === 0 && silenced.some((flow) => beginsLikewise(flows, flow))) return 'answers-only';
  const began = flows.filter((flow) => flow.outbound && flow.peer !== 'sibling' && !halfOpen.includes(flow));
  if (refused.length === 0 && silenced.length > 0 && !began.some(({ arrival }) => arrival === 'none'))
    return 'answers-at-least';
  const parent = captureAt(view.captures, hostName(view.nodes));
  // Whom the gateway gives an address of its own on the internet is answered there.
  const answered = silenced.filter((flow) => !isTranslated(flow, parent));
  const internetOnly = refused.every(({ peer }) => peer === 'internet') && answered.length === 0;
  // Some of the internet gets through: then it is a rule about a port or an address, not a kill-switch.
  if (!internetOnly || arrives((flow) => flow.outbound && flow.peer === 'internet' && !isLookup(flow)))
    return 'everything';
  const leaves = flows.some(
    (flow) =>
      flow.outbound &&
      (flow.peer === 'gateway' || flow.peer === 'lan') &&
      (getsThrough(flow) || isLetOut(view, flow) || sighting(flow, parent).requests.length > 0),
  );
  return leaves ? 'internet-only' : 'internet-at-least';
}

/** A name is looked up at the container's own resolver, wherever what it stands for may be. */
function isLookup({ probe: { over, to } }: Flow): boolean {
  return over.protocol === 'dns' && to.name !== undefined;
}

/** Whether the container itself begins the same kind of thing with the same machine, and gets through. */
function beginsLikewise(flows: readonly Flow[], { from, probe }: Flow): boolean {
  return flows.some(
    (flow) =>
      flow.outbound &&
      getsThrough(flow) &&
      flow.to.node?.name === from.node?.name &&
      flow.probe.over.protocol === probe.over.protocol,
  );
}

/** Whether the parent saw a flow's requests and answers to them. */
function isAnswered(view: RefusalView, flow: Flow): boolean {
  const { requests, replies } = sighting(flow, captureAt(view.captures, hostName(view.nodes)));
  return requests.length > 0 && replies.length > 0;
}

/** The kernel tells the sender, or the container's link counted drops and the wire saw neither the packet nor ARP for it. */
function refusedBeforeWire(view: RefusalView, flow: Flow): boolean {
  if (toldNoBuffer(flow)) return true;
  if (flow.peer === 'host') return false; // In L3 what goes to the host never takes the parent.
  const parent = captureAt(view.captures, hostName(view.nodes));
  const { requests, reliable } = sighting(flow, parent);
  return dropped(view, flow) && reliable && requests.length === 0 && !questFor(view, flow).asked;
}

function silencedOnHost(view: RefusalView, flow: Flow): boolean {
  const { requests, replies, reliable } = sighting(flow, captureAt(view.captures, hostName(view.nodes)));
  return reliable && requests.length > 0 && replies.length === 0 && dropped(view, flow);
}

/** With the parent down the same is counted, and no filter is to blame. */
export function parentMayBeUp(view: RefusalView, { network }: Flow): boolean {
  const state = linkState(view.links[hostName(view.nodes)], network?.parent);
  return state === undefined || state === 'up';
}

/** IPv6 without a route is refused likewise, where IPv4 would ask for the target by ARP. */
function hasNoRoute({ nodes, routes = {}, rules = {} }: RefusalView, { to, containerAddress }: Flow): boolean {
  const fib = familyOf(to.address) === 6 ? fibOf(hostName(nodes), { routes, rules }) : undefined;
  return fib !== undefined && lookup(fib, { destination: to.address, source: containerAddress }).kind === 'none';
}
