import type { LinkObservation } from '../../../diagnosis/observations/link.js';
import { deciderText } from '../../../diagnosis/filter-names.js';
import { placeText } from './place.js';
import type { TextsOf } from './texts.js';

const STATES = {
  up: 'is up',
  down: 'is administratively down',
  'no-carrier': 'is up and has no carrier',
} as const;

export const LINK: TextsOf<LinkObservation> = {
  'docker-network': ({ network, driver, mode, parent }) =>
    `docker: ${network} has driver ${driver}${mode === undefined ? '' : `, mode ${mode}`} and ${parent === undefined ? 'no parent' : `parent ${parent}`} (docker network inspect).`,
  attached: ({ container, network }) => `docker: ${container} is on ${network} (docker inspect).`,
  'link-state': ({ at: { node, device }, state }) => `${node}: ${device} ${STATES[state]} (ip link).`,
  'link-type': ({ at: { node, device }, driver, setting, value }) =>
    `${node}: ${device} is of type ${driver} and has ${setting} ${value} (ip -d link).`,
  'leg-packets': ({ at: { node, device }, bond, received, sent }) =>
    `${node}: ${device}, a leg of ${bond}, sent ${sent} packets and received ${received} (ip -s link).`,
  'link-mtu': ({ at: { node, device }, mtu }) => `${node}: ${device} has MTU ${mtu} (ip link).`,
  'partial-loss': ({ from, to, sent, arrived, seen }) => {
    const places = seen.map((one) => `${one.packets} at ${placeText(one)}`);
    return `${from} to ${to}: of ${sent} packets ${arrived} arrive${places.length > 0 ? `: ${places.join(', then ')}` : ''}.`;
  },
  'no-loss': ({ from, to }) => `${from} to ${to}: no packet is lost.`,
  'queue-drops': ({ at: { node, device }, queue, options, dropped }) =>
    `${node}: the queue of ${device} (${queue} ${options}) has dropped ${dropped} packets (tc -s qdisc).`,
  'large-packets-lost': ({ from, to, bytes }) =>
    `${from} to ${to}: packets of ${bytes} bytes are lost, small ones arrive.`,
  'no-narrow-link': ({ bytes }) => `Every link on the path that was observed carries ${bytes} bytes.`,
  'unanswered-vlan': ({ at, tag }) =>
    `${placeText(at)}: frames with VLAN tag ${tag} leave, and none comes in; untagged ones do.`,
  'subnet-on-vlan': ({ at: { node, device }, network, tag }) =>
    `${node}: ${device}, ${vlanText(tag)}, has the subnet of ${network}.`,
  'parent-vlan': ({ at: { node, device }, network, tag }) =>
    `${node}: ${device}, the parent of ${network}, is ${vlanText(tag)}.`,
  'frames-tagged': ({ at, network, tag }) => `${placeText(at)}: frames for ${network} come in with VLAN tag ${tag}.`,
  'no-parent': ({ network }) => `docker: ${network} has no option parent (docker network inspect).`,
  'dummy-link': ({ at: { node, device } }) => `${node}: ${device} is a dummy link (ip link).`,
  'wifi-link': ({ at: { node, device } }) => `${node}: ${device} is a Wi-Fi link.`,
  'lost-on-link': ({ at, way, address }) =>
    way === 'egress'
      ? `${placeText(at)}: packets from ${address} never leave it.`
      : `${placeText(at)}: packets for ${address} come in, and the container never receives them.`,
  'filter-on-link': ({ node, by }) => `${node}: ${deciderText(by)} drops them.`,
  'no-frames-for': ({ at, mac }) => `${placeText(at)}: no frame for ${mac} comes in.`,
  'arp-heard': ({ asker, nodes }) =>
    nodes.length > 0
      ? `${nodes.join(' and ')}: ARP requests from ${asker} arrive.`
      : `No capture on another node of the LAN shows ARP requests from ${asker}.`,
  received: ({ source, nodes }) =>
    nodes.length > 0
      ? `${nodes.join(' and ')}: packets from ${source} arrive.`
      : `No capture on another node shows packets from ${source}.`,
  'replies-only': ({ at, senders }) =>
    `${placeText(at)}: replies from ${senders.join(' and ')} to the containers come in, and their requests do not.`,
  platform: ({ node, product, origin }) =>
    origin === 'firmware'
      ? `${node}: its firmware says ${product} (/sys/class/dmi/id).`
      : `${node} is assumed to run on ${product}.`,
};

function vlanText(tag: number | undefined): string {
  return tag === undefined ? 'untagged' : `VLAN ${tag}`;
}
