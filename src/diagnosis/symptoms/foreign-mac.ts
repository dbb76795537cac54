import type { Capture, Link } from '../../evidence/facts.js';
import { contains, sameAddress } from '../../ip.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, getsThrough, ownLink, telling } from '../flow-questions.js';
import type { Observation } from '../observation.js';

/** What must be known to see that a port does not carry other MAC addresses than its own machine's. */
export const FOREIGN_MAC_NEEDS = ['nodes', 'networks', 'links', 'captures'] as const;

/** macvlan containers whose frames arrive nowhere, beside a host whose frames do. */
export interface ForeignMac {
  /** Everything of theirs that fails beyond the parent. */
  readonly flows: readonly Flow[];
  /** The one to tell the story with. */
  readonly flow: Flow;
  readonly parent: string;
  /** One of them: its name, its address, and the MAC address it sends from. */
  readonly container: { readonly name: string; readonly address: string; readonly mac: string };
  /** An address that it asks for by ARP without a reply, and that the host reaches. */
  readonly asked: string;
  /** The host's flow to that address, which gets through. */
  readonly hostFlow: Flow;
  /** Nodes on the LAN that received its ARP requests. Empty: their captures ran, and show none. Absent: there was no capture. */
  readonly heardBy: readonly string[] | undefined;
}

/**
 * A macvlan container has a MAC address of its own. Where the port behind the parent does not carry it, the container's ARP
 * requests for every address stay unanswered, while the host reaches the same machines through the same link.
 */
export function foreignMac(view: Observed): ForeignMac | undefined {
  const beyond = view.flows.filter(
    (flow) => crossesParent(flow) && flow.network?.driver === 'macvlan' && flow.peer !== 'host',
  );
  // The port carries a container of which any packet gets through, even where it has another fault.
  const carried = new Set(beyond.filter(getsThrough).map(({ container }) => container?.name));
  const lost = failing(beyond).filter(({ container }) => !carried.has(container?.name));
  const unanswered = lost.flatMap((flow) => unansweredArp(view, flow) ?? []);
  const first = unanswered.find(reachedByHost);
  if (!first) return undefined;
  // Others that ask beside it for what the host does not reach are no better off.
  const names = new Set(unanswered.map(({ container }) => container.name));
  const flows = lost.filter(({ container }) => names.has(container?.name ?? ''));
  const flow = telling(flows);
  if (!flow) return undefined;
  return { ...first, flows, flow, heardBy: receivedBy(view, first.container.address) };
}

/** Absent `hostFlow`: the host was not seen to reach what is asked for. */
type UnansweredArp = Pick<ForeignMac, 'container' | 'parent' | 'asked'> & { readonly hostFlow: Flow | undefined };

function reachedByHost(one: UnansweredArp): one is UnansweredArp & Pick<ForeignMac, 'hostFlow'> {
  return one.hostFlow !== undefined;
}

/** The container asks by ARP, best for an address the host reaches by the same link, and no frame for the container comes in. */
function unansweredArp(view: Observed, flow: Flow): UnansweredArp | undefined {
  const { container, containerAddress, network } = flow;
  const { names, links } = view.network;
  const { parent = '' } = network ?? {};
  const capture = view.observed.capture(names.hostName, parent);
  const mac = ownLink(view.network, flow)?.mac;
  if (!container || !containerAddress || !mac || capture?.control !== 'seen') return undefined;
  if (links.state(names.hostName, parent) !== 'up' || receives(capture, mac)) return undefined;
  const asked = targets(capture, containerAddress).map((target) => ({
    target,
    hostFlow: hostFlowTo(view, target, links.link(names.hostName, parent)),
  }));
  const best = asked.find(({ hostFlow }) => hostFlow) ?? asked[0];
  if (!best) return undefined;
  const own = { name: container.name, address: containerAddress, mac };
  return { parent, container: own, asked: best.target, hostFlow: best.hostFlow };
}

function receives({ packets }: Capture, mac: string): boolean {
  return packets.some(
    ({ direction, targetMac }) => direction === 'in' && targetMac.toLowerCase() === mac.toLowerCase(),
  );
}

/** What an address asks for by ARP, in the order it does. */
function targets({ packets }: Capture, asker: string): readonly string[] {
  return packets.flatMap(({ content }) =>
    content.kind === 'arp' && content.operation === 'request' && sameAddress(content.sender, asker)
      ? [content.target]
      : [],
  );
}

/** A flow of the host that gets through to the holder of an address, by the parent itself. */
function hostFlowTo({ flows, network }: Observed, target: string, parent: Link | undefined): Flow | undefined {
  if (!parent?.addresses.some((own) => contains(own, target))) return undefined;
  return flows.find(
    (flow) =>
      getsThrough(flow) &&
      flow.from.node?.name === network.names.hostName &&
      (flow.to.node?.addresses.some((own) => sameAddress(own, target)) === true || flow.to.address === target),
  );
}

function receivedBy({ network: { names, links }, observed }: Observed, asker: string): readonly string[] | undefined {
  const isOther = (node: string) => node !== names.hostName && names.node(node)?.kind !== 'container';
  const onSegment = ({ node, device }: Capture) =>
    links.link(node, device)?.addresses.some((own) => contains(own, asker)) ?? false;
  const others = observed.captures.filter(
    (capture) => isOther(capture.node) && capture.control === 'seen' && onSegment(capture),
  );
  if (others.length === 0) return undefined;
  return [...new Set(others.filter((capture) => targets(capture, asker).length > 0).map(({ node }) => node))];
}

/** What was seen of it, each with the place. */
export function foreignMacSeen(
  { network: { names } }: Pick<Observed, 'network'>,
  { container: { address, mac }, parent, asked, hostFlow, heardBy }: ForeignMac,
): readonly Observation[] {
  const at = { node: names.hostName, device: parent };
  return [
    { kind: 'unanswered-arp', at, asker: address, address: asked },
    { kind: 'no-frames-for', at, mac },
    { kind: 'flow', from: names.hostName, to: asked, over: hostFlow.probe.over, arrives: true },
    ...(heardBy === undefined ? [] : [{ kind: 'arp-heard' as const, asker: address, nodes: heardBy }]),
  ];
}
