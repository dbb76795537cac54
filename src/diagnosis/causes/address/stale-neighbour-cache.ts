import type { Neighbour } from '../../../evidence/facts.js';
import { sameAddress } from '../../../ip.js';
import { isLearnedEntry } from '../../../network/observations/neighbour-entry.js';
import { foreignReplies } from '../../../network/observations/replying-macs.js';
import { isLayer3 } from '../../../network/networks.js';
import { isToMany } from '../../../scenario/to-many.js';
import { hostAddressesOn } from '../../../network/segments.js';
import { embedded, sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink, ownLink, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { sighting } from '../../symptoms/wire.js';
import { wentTo } from '../../symptoms/address-conflict.js';
import { cutOnWire, learnedAddresses, isInCloud } from '../../hypotheses/wire.js';
import { neighbourEntry } from '../../symptoms/lan-looks.js';

/** A flow whose packets a neighbour sends to a MAC address that is not, or no longer, the right one. */
interface Stale {
  readonly flow: Flow;
  /** Whose neighbour table it is, and its entry. */
  readonly node: string;
  readonly entry: Neighbour & { readonly mac: string };
  /** The right MAC address. */
  readonly mac: string;
  /** Whether packets were seen to go to the wrong one. */
  readonly used: boolean;
}

export const staleNeighbourCache = defineCause({
  id: 'stale-neighbour-cache',
  title: 'A neighbour has a stale ARP entry for the container',
  layer: 'address',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'captures', 'neighbours'],
  background: `
    The container's address belonged to another machine before, or to a macvlan link with a MAC address of its own. A gateway
    or peer still sends to that MAC address: some keep ARP entries for hours, some bind addresses permanently. Only machines
    with such an entry are affected, so the container reaches one neighbour and not the other. IPvlan links send no
    gratuitous ARP before Docker 29.3. A Linux gateway learns from the container's own ARP requests; others do not.`,
  see: ['https://datatracker.ietf.org/doc/html/rfc5227', 'https://github.com/moby/moby/issues/36069'],

  hypothesis: {
    scopes: (view) => (isInCloud(view) ? [] : learnedAddresses(view, (network) => !isLayer3(network))),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'in' }),
    unseen: ({ network }) => `the neighbour table of ${network.names.gateway?.name}`,
    test: neighbourEntry,
  },

  detect(view) {
    const all = failing(view.flows).flatMap((flow) => staleFor(view, flow) ?? []);
    const flow = telling(all.map((one) => one.flow));
    const first = all.find((one) => one.flow === flow);
    if (!flow || !first) return undefined;
    const entries = [...new Map(all.map((one) => [`${one.node} ${one.entry.address}`, one])).values()];
    return found({
      detail: { flow, first, entries },
      explains: idsOf(all.map((one) => one.flow)),
      confidence: all.some(({ used }) => used) ? 'certain' : 'likely',
      because: entries.map(staleSeen),
    });
  },
  explain: ({ flow, first: { node, entry, mac } }) =>
    `${complaint(flow)}: ${node} has a stale ARP entry and sends packets for ${entry.address} to ${entry.mac}. The right MAC address is ${mac}.`,
  remedy: ({ entries, flow }) => [
    ...(entries.every(({ entry }) => entry.device !== UNKNOWN)
      ? [{ title: 'Delete the stale ARP entry', use: 'run' as const, changes: entries.map(remove) }]
      : []),
    advice('Let the container announce its MAC address', flow.container?.name ?? flow.from.label, [
      sh`arping -U -c 3 -I eth0 ${flow.containerAddress ?? flow.from.address}   # not in L3 mode`,
    ]),
    advice('Clear the ARP cache of the router, and its bindings of IP addresses to MAC addresses', 'gateway', [
      ...entries.slice(0, 1).map(({ entry }) => sh`clear ip arp ${embedded`${entry.address}`}`),
    ]),
  ],
});

function staleSeen({ flow, node, entry: { address, mac, state }, mac: expected, used }: Stale): Observation {
  if (state !== UNKNOWN) return { kind: 'stale-neighbour', node, address, mac, state, expected, used };
  return { kind: 'sent-to-other-mac', container: flow.container?.name ?? '', address, mac, expected };
}

/** Stands for what was not seen of a neighbour table that was not printed. */
const UNKNOWN = 'not seen';

function remove({ node, entry: { address, device, mac, state } }: Stale): Change {
  return { kind: 'neighbour', on: node, device, address, was: { mac, permanent: state === 'PERMANENT' } };
}

/** The neighbour that needs the MAC address of the container for this flow, or in L3 of the host, has a wrong one. */
function staleFor(seen: Seen, flow: Flow): Stale | undefined {
  const { names } = seen.network;
  const far = (flow.outbound ? flow.to : flow.from).node;
  const node = isOnLink(flow) ? far?.name : names.gateway?.name;
  if (!crossesParent(flow) || node === undefined || node === names.hostName) return undefined;
  // What goes to many is sent to a MAC address that no link has.
  if (seen.observed.neighbours(node) === undefined)
    return isToMany(flow.probe.over) ? undefined : staleByPackets(seen, flow, node);
  for (const { address, mac } of rightEntries(seen, flow)) {
    const entry = seen.observed.neighbour(node, address);
    if (!isLearnedEntry(entry) || entry.mac === mac || isHeld(seen, address, entry.mac)) continue;
    return { flow, node, entry, mac, used: wentTo(seen, flow, entry.mac) };
  }
  return undefined;
}

/**
 * A neighbour whose table was not printed, and whose packets for the container came by the parent with another MAC address, which
 * switches do as long as they do not know where that one is. Not where a machine replies from that MAC address: it has the address too.
 */
function staleByPackets(seen: Seen, flow: Flow, node: string): Stale | undefined {
  const capture = seen.observed.capture(seen.network.names.hostName, flow.network?.parent);
  const { requests, replies } = sighting(flow, capture);
  const coming = (flow.outbound ? replies : requests).filter(({ direction }) => direction === 'in');
  for (const { address, mac } of rightEntries(seen, flow)) {
    const taken = new Set(foreignReplies(seen, address).map((one) => one.mac));
    const wrong = coming.find(({ targetMac }) => targetMac !== mac && !taken.has(targetMac));
    if (wrong && coming.every(({ targetMac }) => targetMac !== mac))
      return { flow, node, entry: { address, device: UNKNOWN, mac: wrong.targetMac, state: UNKNOWN }, mac, used: true };
  }
  return undefined;
}

type Seen = Pick<Observed, 'network' | 'observed'>;

/**
 * The MAC address of a container's address, or of the host in front of an L3 container. On an IPvlan parent every address has
 * the parent's own, even one that the container has lost to another link.
 */
function rightEntries({ network }: Pick<Observed, 'network'>, flow: Flow) {
  const layer3 = isLayer3(flow.network);
  const parent = network.links.link(network.names.hostName, flow.network?.parent);
  const addresses = layer3 ? hostAddressesOn(network, flow.network) : [flow.containerAddress ?? ''];
  const own = layer3 ? undefined : ownLink(network, flow)?.mac;
  const mac = own ?? (flow.network?.driver === 'ipvlan' ? parent?.mac : undefined);
  return mac === undefined ? [] : addresses.map((address) => ({ address, mac }));
}

/** A machine with that MAC address has the address too: an address conflict, and no stale entry. */
function isHeld({ network, observed }: Seen, address: string, mac: string): boolean {
  const claims = observed.captures.some(({ packets }) =>
    packets.some(
      ({ content }) => content.kind === 'arp' && content.senderMac === mac && sameAddress(content.sender, address),
    ),
  );
  return claims || network.addresses.holdings(address).some(({ link }) => link.mac === mac);
}
