import type { Capture, Link } from '../../evidence/facts.js';
import { contains, sameAddress } from '../../ip.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { ownLink } from './own-link.js';
import { crossesParent, failing, getsThrough, telling } from '../flow-questions.js';
import { holds, hostName, linkState } from '../reading.js';
import { captureAt } from './wire.js';

/** What must be known to see that a port does not carry other hardware addresses than its own machine's. */
export const FOREIGN_MAC_NEEDS = ['nodes', 'networks', 'links', 'captures'] as const;
export type ForeignMacNeeds = (typeof FOREIGN_MAC_NEEDS)[number];

/** macvlan containers whose frames get nowhere, beside a host whose frames do. */
export interface Shunned {
  /** Everything of theirs that fails beyond the parent. */
  readonly flows: readonly Flow[];
  /** The one to tell the story with. */
  readonly flow: Flow;
  readonly parent: string;
  /** One of them: its name, its address, and the hardware address it sends from. */
  readonly container: { readonly name: string; readonly address: string; readonly mac: string };
  /** Somebody it asks for by ARP in vain, whom the host reaches. */
  readonly asked: string;
  /**
   * Nodes on the LAN that heard its ARP. Empty: they listened and heard nothing. Absent when nobody there could be listened
   * at.
   */
  readonly heardBy: readonly string[] | undefined;
}

/**
 * A macvlan container has a hardware address of its own. Where the port behind the parent does not carry it, the container
 * asks for its neighbours in vain, whatever they are, while the host reaches the very same ones by the same link.
 */
export function shunned(view: View<ForeignMacNeeds>): Shunned | undefined {
  const host = hostName(view.nodes);
  const beyond = view.flows.filter(
    (flow) => crossesParent(flow) && flow.network?.driver === 'macvlan' && flow.peer !== 'host',
  );
  // One that gets anything through is carried, whatever else ails it.
  const carried = new Set(beyond.filter(getsThrough).map(({ container }) => container?.name));
  const lost = failing(beyond).filter(({ container }) => !carried.has(container?.name));
  const witnesses = lost.flatMap((flow) => askedInVain(view, flow) ?? []);
  const first = witnesses.find(({ reached }) => reached);
  if (!first) return undefined;
  const names = new Set(witnesses.map(({ container }) => container.name));
  const flows = lost.filter(({ container }) => names.has(container?.name ?? ''));
  const flow = telling(flows);
  if (!flow) return undefined;
  return {
    ...first,
    flows,
    flow,
    heardBy: listeners(view, host, first.container.address),
  };
}

/** `reached`: the host gets through to whom it asks for. Who asks for others beside one such fares no better. */
type Witness = Pick<Shunned, 'container' | 'parent' | 'asked'> & { readonly reached: boolean };

/** The container asks for somebody, at best for one the host reaches by the same link, and no frame for the container comes in. */
function askedInVain(view: View<ForeignMacNeeds>, flow: Flow): Witness | undefined {
  const { container, containerAddress, network } = flow;
  const host = hostName(view.nodes);
  const { parent = '' } = network ?? {};
  const onHost = view.links[host] ?? [];
  const capture = captureAt(view.captures, host, parent);
  const link = ownLink(flow, view.links);
  if (!container || !containerAddress || !link?.mac || capture?.control !== 'seen') return undefined;
  if (linkState(onHost, parent) !== 'up') return undefined;
  const heard = capture.packets.some(
    ({ direction, targetMac }) => direction === 'in' && targetMac.toLowerCase() === link.mac?.toLowerCase(),
  );
  const asked = heard ? [] : targets(capture, containerAddress);
  const known = asked.find((target) =>
    hostReaches(
      view,
      target,
      onHost.find(({ name }) => name === parent),
    ),
  );
  const target = known ?? asked[0];
  if (target === undefined) return undefined;
  const own = { name: container.name, address: containerAddress, mac: link.mac };
  return { parent, container: own, asked: target, reached: known !== undefined };
}

/** What an address asks for by ARP, in the order it does. */
function targets({ packets }: Capture, asker: string): readonly string[] {
  return packets.flatMap(({ content }) =>
    content.kind === 'arp' && content.operation === 'request' && sameAddress(content.sender, asker)
      ? [content.target]
      : [],
  );
}

/** Whether the host gets through to the holder of an address, by the parent itself. */
function hostReaches({ flows, nodes }: View<ForeignMacNeeds>, target: string, parent: Link | undefined): boolean {
  const onLink = parent?.addresses.some((own) => contains(own, target)) ?? false;
  return (
    onLink &&
    flows.some(
      (flow) =>
        getsThrough(flow) &&
        flow.from.node?.name === hostName(nodes) &&
        (holds(flow.to.node, target) || flow.to.address === target),
    )
  );
}

function listeners(view: View<ForeignMacNeeds>, host: string, asker: string): readonly string[] | undefined {
  const own = new Set([host, ...view.nodes.flatMap(({ name, kind }) => (kind === 'container' ? [name] : []))]);
  const others = view.captures.filter(
    (capture) => !own.has(capture.node) && capture.control === 'seen' && onSegment(view, capture, asker),
  );
  if (others.length === 0) return undefined;
  return [...new Set(others.filter((capture) => targets(capture, asker).length > 0).map(({ node }) => node))];
}

/** Whether a capture was taken where broadcasts of an address must be heard. */
function onSegment({ links }: View<ForeignMacNeeds>, { node, device }: Capture, address: string): boolean {
  const link = links[node]?.find(({ name }) => name === device);
  return link?.addresses.some((own) => contains(own, address)) ?? false;
}

/** What was seen of it, each with the place. */
export function wireSaw(
  { nodes }: View<ForeignMacNeeds>,
  { container, parent, asked, heardBy }: Shunned,
): readonly string[] {
  const { name, address, mac } = container;
  const host = hostName(nodes);
  return [
    `${parent}: ${name} (${address}, ${mac}) asks for ${asked} by ARP, and no frame for ${mac} comes in.`,
    `${host} reaches ${asked} by ${parent}, from its own hardware address.`,
    ...(heardBy === undefined
      ? []
      : [
          heardBy.length > 0
            ? `${heardBy.join(' and ')}: hears ${address} ask.`
            : `Nobody else on the LAN hears ${address} ask.`,
        ]),
  ];
}
