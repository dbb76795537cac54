import type { Capture, Packet } from '../../evidence/facts.js';
import { bare, sameAddress } from '../../ip.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent } from '../flow-questions.js';
import { isLayer3 } from '../../network/networks.js';
import { deviceOf } from '../reading.js';
import { sighting } from './wire.js';

type Needs = 'nodes' | 'networks' | 'containers' | 'links' | 'captures';

/** Somebody on the LAN who answers for a container's address. */
export interface Rival {
  readonly mac: string;
  /** Where it was heard to answer for the address; absent where only its links show that it has it. */
  readonly heardAt: string | undefined;
  /** Who it is, as far as its links were seen. */
  readonly owner: { readonly node: string; readonly device: string; readonly address: string } | undefined;
}

/** A flow of a container whose address somebody else answers for. */
export interface Contested extends Flow {
  readonly containerAddress: string;
  readonly mac: string;
  readonly rival: Rival;
}

/** What somebody else who has the container's address did to a flow; `undefined` when nobody did. */
export function contested(view: View<Needs>, flow: Flow): Contested | undefined {
  const { container, containerAddress, network } = flow;
  if (!container || containerAddress === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  const mac = view.links[container.name]?.find(
    ({ name }) => name === deviceOf(view, container.name, containerAddress),
  )?.mac;
  if (mac === undefined) return undefined;
  const rival = rivalOf(view, containerAddress, mac);
  return rival && (wentTo(view, flow, rival.mac) || isWith(view, flow, rival))
    ? { ...flow, containerAddress, mac, rival }
    : undefined;
}

/** Whoever says by ARP, or by a neighbour advertisement, that an address is its own, or was seen to have it, and is not the container. */
function rivalOf(view: View<Needs>, address: string, mac: string): Rival | undefined {
  const owners = ownersOf(view, address).filter((one) => one.mac !== undefined && one.mac !== mac);
  for (const capture of view.captures) {
    const other = capture.packets.flatMap((packet) => claimant(packet, address) ?? []).find((one) => one !== mac);
    if (other !== undefined)
      return { mac: other, heardAt: placeOf(capture), owner: owners.find((one) => one.mac === other) };
  }
  const [owner] = owners;
  return owner?.mac === undefined ? undefined : { mac: owner.mac, heardAt: undefined, owner };
}

/** Everybody but containers whose links have an address. */
function ownersOf({ links, nodes }: View<Needs>, address: string) {
  return nodes
    .filter(({ kind }) => kind !== 'container')
    .flatMap(({ name }) => (links[name] ?? []).map((link) => ({ node: name, link })))
    .flatMap(({ node, link }) =>
      link.addresses.map((own) => ({ node, device: link.name, address: own, mac: link.mac })),
    )
    .filter((one) => sameAddress(bare(one.address), address));
}

function claimant({ content, sourceMac }: Packet, address: string): string | undefined {
  if (content.kind === 'arp') return sameAddress(content.sender, address) ? content.senderMac : undefined;
  return content.kind === 'nd' && content.operation === 'reply' && sameAddress(content.target, address)
    ? sourceMac
    : undefined;
}

function placeOf({ node, device }: Capture): string {
  return `${device} of ${node}`;
}

/** Whether packets of the flow that were meant for the container went to another hardware address. */
function wentTo({ captures }: View<Needs>, flow: Flow, mac: string): boolean {
  return captures.some((capture) => {
    const { requests, replies } = sighting(flow, capture);
    return (flow.outbound ? replies : requests).some(({ targetMac }) => targetMac === mac);
  });
}

/** Whether the rival itself is at the other end: it answers nobody who asks from an address of its own, and asks itself. */
function isWith({ captures }: View<Needs>, flow: Flow, { owner }: Rival): boolean {
  if (owner === undefined) return false;
  if (flow.outbound) return flow.to.node?.name === owner.node;
  const seen = captures.some((capture) => sighting(flow, capture).requests.length > 0);
  return flow.from.node?.name === owner.node && !seen;
}
