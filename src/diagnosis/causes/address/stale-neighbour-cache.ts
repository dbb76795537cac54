import type { Neighbour } from '../../../evidence/facts.js';
import { bare, sameAddress } from '../../../ip.js';
import { embedded, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Command, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { ownLink } from '../../symptoms/own-link.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { hostAddressesOn } from '../../../network/segments.js';
import { sighting } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'links' | 'captures' | 'neighbours';

/** A flow whose packets somebody sends to a hardware address that is no longer, or never was, the right one. */
interface Misled {
  readonly flow: Flow;
  /** Who remembers it, and what. */
  readonly node: string;
  readonly entry: Neighbour & { readonly mac: string };
  /** The right one. */
  readonly mac: string;
  /** Whether packets were seen to go there. */
  readonly sent: boolean;
}

export const staleNeighbourCache = defineCause({
  id: 'stale-neighbour-cache',
  title: 'A neighbour remembers a hardware address that is not right any more',
  layer: 'address',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'captures', 'neighbours'],
  background: `
    The container's address belonged to another machine before, or to a macvlan link with an address of its own, and a
    gateway or peer still sends to that one: some keep ARP entries for hours, some bind addresses for good. It takes only
    those who remember wrongly, so that the container reaches one neighbour and not the other. IPvlan links send no
    gratuitous ARP before Docker 29.3; a Linux gateway learns from the container's own ARP requests, and others do not.`,
  see: ['https://datatracker.ietf.org/doc/html/rfc5227', 'https://github.com/moby/moby/issues/36069'],

  detect(view) {
    const misled = failing(view.flows).flatMap((flow) => misledAt(view, flow) ?? []);
    const flow = telling(misled.map((one) => one.flow));
    const first = misled.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const entries = [...new Map(misled.map((one) => [`${one.node} ${one.entry.address}`, one])).values()];
    return found({
      detail: { flow, first, entries },
      explains: idsOf(misled.map((one) => one.flow)),
      confidence: misled.some(({ sent }) => sent) ? 'certain' : 'likely',
      because: entries.map(
        ({ node, entry, mac, sent }) =>
          `${node}: takes ${entry.address} to be at ${entry.mac} (${entry.state}, ip neighbour); it is at ${mac}.${sent ? ` Packets were seen to go there.` : ''}`,
      ),
    });
  },
  explain: ({ flow, first: { node, entry } }) =>
    `${complaint(flow)}: ${node} sends what is for ${entry.address} to ${entry.mac}, a hardware address it remembers and that is not right.`,
  remedy: ({ entries, flow }) => [
    {
      title: 'Have it forget, and ask anew',
      use: 'run',
      commands: entries.map(forget),
    },
    advice('Or have the container say where it is', flow.container?.name ?? 'host', [
      sh`arping -U -c 3 -I eth0 ${flow.containerAddress ?? flow.from.address}   # not in L3 mode`,
    ]),
    advice('On a router: clear its ARP cache, and what it binds IP addresses to hardware addresses by', 'gateway', [
      ...entries.slice(0, 1).map(({ entry }) => sh`clear ip arp ${embedded`${entry.address}`}`),
    ]),
  ],
});

function forget({ node, entry: { address, device, mac, state } }: Misled): Command {
  const before = sh`lladdr ${mac} dev ${device} nud ${state === 'PERMANENT' ? 'permanent' : 'stale'}`;
  return on(node, sh`ip neigh del ${address} dev ${device}`, sh`ip neigh replace ${address} ${before}`);
}

/** Whoever has to know the container's hardware address for this flow, or in L3 the host's, knows a wrong one. */
function misledAt(view: View<Needs>, flow: Flow): Misled | undefined {
  const far = (flow.outbound ? flow.to : flow.from).node;
  const node = isOnLink(flow) ? far?.name : nodeOfKind(view.nodes, 'gateway')?.name;
  if (!crossesParent(flow) || node === undefined || node === hostName(view.nodes)) return undefined;
  for (const { address, mac } of rightOnes(view, flow)) {
    const entry = view.neighbours[node]?.find((one) => sameAddress(one.address, address));
    if (entry?.mac === undefined || entry.mac === mac || /FAILED|INCOMPLETE/.test(entry.state)) continue;
    if (!isHeld(view, address, entry.mac))
      return { flow, node, entry: { ...entry, mac: entry.mac }, mac, sent: wentTo(view, flow, entry.mac) };
  }
  return undefined;
}

/**
 * Where a container's address is, or that of the host in front of an L3 container. On an IPvlan parent every address is at
 * the parent's own, even one that the container has lost to another link.
 */
function rightOnes(view: View<Needs>, flow: Flow) {
  const { containerAddress, network } = flow;
  const host = view.links[hostName(view.nodes)]?.find(({ name }) => name === network?.parent);
  const addresses = isLayer3(network) ? hostAddressesOn(view.network, network) : [containerAddress ?? ''];
  const own = isLayer3(network) ? undefined : ownLink(flow, view.network)?.mac;
  const mac = own ?? (network?.driver === 'ipvlan' ? host?.mac : undefined);
  return mac === undefined ? [] : addresses.map((address) => ({ address, mac }));
}

/** Somebody who lives there has the address too: then it was given away twice. */
function isHeld({ nodes, links, captures }: View<Needs>, address: string, mac: string): boolean {
  const holds = nodes.some(({ name }) =>
    links[name]?.some((link) => link.mac === mac && link.addresses.some((own) => sameAddress(bare(own), address))),
  );
  const claims = captures.some(({ packets }) =>
    packets.some(
      ({ content }) => content.kind === 'arp' && content.senderMac === mac && sameAddress(content.sender, address),
    ),
  );
  return holds || claims;
}

function wentTo({ captures }: View<Needs>, flow: Flow, mac: string): boolean {
  return captures.some((capture) => {
    const { requests, replies } = sighting(flow, capture);
    return (flow.outbound ? replies : requests).some(({ targetMac }) => targetMac === mac);
  });
}
