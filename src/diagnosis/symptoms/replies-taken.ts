import type { Packet } from '../../evidence/facts.js';
import { isLayer3 } from '../../network/networks.js';
import { foreignReplies } from '../../network/observations/replying-macs.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, farAddress, getsThrough, isOnLink, ownDevice } from '../flow-questions.js';
import type { Conflicting } from './address-conflict.js';
import { onParent } from './wire.js';

/**
 * A flow whose packets for the container go to a machine on the LAN that replies for the container's address. The parent does not
 * see them: requests leave and no reply comes in, or no request comes in at all.
 *
 * @returns `undefined` where no other machine replied, or the sender of those packets is known to reach the container
 */
export function repliesTaken(view: Observed, flow: Flow): Conflicting | undefined {
  const { container, containerAddress, network } = flow;
  if (!container || containerAddress === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  if (flow.peer === 'host' || view.network.names.platform?.kind === 'cloud') return undefined;
  const mac = view.network.links.link(container.name, ownDevice(view.network, flow))?.mac;
  const [other] = foreignReplies(view, containerAddress).filter(({ device }) => device === network?.parent);
  if (mac === undefined || other === undefined || !missesReplies(view, flow, mac)) return undefined;
  if (view.flows.some((one) => getsThrough(one) && one.arrival === 'all' && isSentAlike(view, one, flow)))
    return undefined;
  const { node, device } = other;
  return { ...flow, containerAddress, mac, other: { mac: other.mac, heardAt: { node, device }, holder: undefined } };
}

/** Requests left through the parent, and not each got a reply to the container's own MAC address; of an inbound flow nothing came in. */
function missesReplies(view: Observed, flow: Flow, mac: string): boolean {
  const { requests, replies, reliable } = onParent(view, flow, flow.network?.parent);
  if (!reliable) return false;
  const own = (packets: readonly Packet[]) =>
    packets.filter(({ targetMac }) => targetMac.toLowerCase() === mac.toLowerCase());
  return flow.outbound ? requests.length > 0 && own(replies).length < requests.length : own(requests).length === 0;
}

/** Whether the same machine on the LAN, the router or the far end, sends both flows' packets to the container. */
function isSentAlike(view: Observed, one: Flow, flow: Flow): boolean {
  return one.containerAddress === flow.containerAddress && senderOf(view, one) === senderOf(view, flow);
}

function senderOf({ network: { names } }: Observed, flow: Flow): string {
  const far = farAddress(flow);
  return !isOnLink(flow) || names.isGateway(far) ? 'router' : far;
}
