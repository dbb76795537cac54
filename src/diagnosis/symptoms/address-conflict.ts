import type { Capture, Packet } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, ownDevice } from '../flow-questions.js';
import type { Place } from '../observation.js';
import { sighting } from './wire.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

/** A machine on the LAN that has a container's address. */
export interface OtherHolder {
  readonly mac: string;
  /** Where its ARP reply was captured; absent where only its links show that it has the address. */
  readonly heardAt: Place | undefined;
  /** Which machine it is, as far as its links were seen. `address` is with prefix length. */
  readonly holder: { readonly node: string; readonly device: string; readonly address: string } | undefined;
}

/** A flow of a container whose address a machine on the LAN has too. */
export interface Conflicting extends Flow {
  readonly containerAddress: string;
  /** The container's own. */
  readonly mac: string;
  readonly other: OtherHolder;
}

/** @returns `undefined` when no other machine has the container's address, or the flow does not meet it */
export function addressConflict(seen: Seen, flow: Flow): Conflicting | undefined {
  const { container, containerAddress, network } = flow;
  if (!container || containerAddress === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  const mac = seen.network.links.link(container.name, ownDevice(seen.network, flow))?.mac;
  if (mac === undefined) return undefined;
  const other = otherHolder(seen, containerAddress, mac);
  return other && (wentTo(seen, flow, other.mac) || isWith(seen, flow, other))
    ? { ...flow, containerAddress, mac, other }
    : undefined;
}

/** Whether packets of the flow that were meant for the container went to another MAC address. */
export function wentTo({ observed }: Seen, flow: Flow, mac: string): boolean {
  return observed.captures.some((capture) => {
    const { requests, replies } = sighting(flow, capture);
    return (flow.outbound ? replies : requests).some(({ targetMac }) => targetMac === mac);
  });
}

/** A sender of ARP replies or neighbour advertisements for an address, or a link that has it, which is not the container's. */
function otherHolder(seen: Seen, address: string, mac: string): OtherHolder | undefined {
  const holders = holdersBeside(seen, address, mac);
  for (const capture of seen.observed.captures) {
    const other = capture.packets.flatMap((packet) => claimant(packet, address) ?? []).find((one) => one !== mac);
    if (other !== undefined)
      return { mac: other, heardAt: placeOf(capture), holder: holders.find((one) => one.mac === other) };
  }
  const [holder] = holders;
  return holder && { mac: holder.mac, heardAt: undefined, holder };
}

/** Links with an address, of machines that are no containers, with another MAC address. */
function holdersBeside({ network }: Seen, address: string, than: string) {
  return network.addresses
    .holdings(address)
    .flatMap(({ node, link: { name, mac }, address: own }) =>
      node.kind !== 'container' && mac !== undefined && mac !== than
        ? [{ node: node.name, device: name, address: own, mac }]
        : [],
    );
}

function claimant({ content, sourceMac }: Packet, address: string): string | undefined {
  if (content.kind === 'arp') return sameAddress(content.sender, address) ? content.senderMac : undefined;
  return content.kind === 'nd' && content.operation === 'reply' && sameAddress(content.target, address)
    ? sourceMac
    : undefined;
}

function placeOf({ node, device }: Capture): Place {
  return { node, device };
}

/** Whether the other machine is the far end itself: it does not reply to its own address, and sends requests to itself. */
function isWith({ observed }: Seen, flow: Flow, { holder }: OtherHolder): boolean {
  if (holder === undefined) return false;
  if (flow.outbound) return flow.to.node?.name === holder.node;
  const seen = observed.captures.some((capture) => sighting(flow, capture).requests.length > 0);
  return flow.from.node?.name === holder.node && !seen;
}
