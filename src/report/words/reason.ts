import { deciderText } from '../../diagnosis/filter-names.js';
import type { LinkDecider } from '../../network/link-filter.js';
import type { Reason } from '../../path/reason.js';

/** Why a packet gets no further, as the end of a sentence: `the link enp0s3 is set down`. */
export function reasonText(reason: Reason): string {
  return (TEXTS[reason.kind] as (reason: Reason) => string)(reason);
}

const TEXTS: { readonly [Kind in Reason['kind']]: (reason: Extract<Reason, { kind: Kind }>) => string } = {
  rule: droppedText,
  policy: droppedText,
  'link-filter': droppedText,
  redirected: ({ by, destination, node, to }) =>
    `${deciderText(by)} on ${node} redirects what is sent to ${destination}${to === undefined ? '' : ` to ${to}`}`,
  'link-down': ({ device }) => `the link ${device} is set down`,
  'no-carrier': ({ device }) => `the link ${device} has no carrier`,
  'no-carrier-on-parent': ({ device, node, parent }) =>
    `the link ${parent} has no carrier, and neither has ${device} of ${node}`,
  'switch-port-down': ({ node }) => `the switch port of ${node} is set down`,
  'too-big': ({ bytes, device, mtu, node }) =>
    `the packet has ${bytes} bytes, and ${device} of ${node} carries ${mtu} at most`,
  'other-vlan': ({ ends }) => ends.map(taggingText).join(', and '),
  'vlan-unanswered': ({ device, node, vlan }) => `${node} sends frames of VLAN ${vlan} via ${device} and receives none`,
  'dropped-on-wire': ({ address, device }) => `packets with ${address} are dropped between ${device} and the LAN`,
  'no-parent': ({ network }) =>
    `the network ${network} has no parent: it is attached to a dummy link, which discards what it sends`,
  'host-apart': ({ device, driver }) =>
    `the link ${device} never receives the packets it sent: ${driver} isolates the host from its containers`,
  'siblings-apart': ({ setting, value }) => `${setting} ${value} isolates containers of one parent from each other`,
  'siblings-by-switch': () => 'flag vepa sends it out to the switch, where both containers have one MAC address',
  'no-route': ({ destination }) => `no route to ${destination}`,
  'route-forbids': ({ destination, type }) => `its route to ${destination} is of type ${type}`,
  'no-route-via-parent': ({ destination, device }) =>
    `no route via ${device} matches ${destination}: the kernel asks for it by ARP on the LAN`,
  'route-via-other-link': ({ destination, device, parent }) =>
    `its route to ${destination} is via ${device}, and its containers are on ${parent}`,
  'rule-before-main': ({ node, destination, priority, table, device }) =>
    `policy rule ${priority} of ${node} looks up table ${table} before main, and its route to ${destination} is via ${device}`,
  'reply-via-other-network': ({ device, source }) =>
    `the reply of ${source} goes out via ${device}, which is on another network`,
  'only-default-route': ({ destination }) =>
    `only its default route matches ${destination}: the packet goes out to the internet`,
  'forwarding-off': ({ node }) => `forwarding is off on ${node} (sysctl)`,
  'routing-loop': ({ node }) => `it loops through ${node}`,
  'reverse-path-filter': ({ device, source }) =>
    `its reverse path filter is strict, and its own route to ${source} is not via ${device}`,
  'no-route-on-internet': ({ destination }) => `the internet has no route to ${destination}`,
  'address-not-held': ({ address, as }) =>
    as === 'target' ? `no node has the address ${address}` : `no node has the address of its next hop, ${address}`,
  'next-hop-in-l3': ({ address }) =>
    `it asks for its next hop ${address} by ARP on the LAN, and an L3 container never replies to ARP`,
  'arp-for-l3-container': ({ address, node }) =>
    `the routes of ${node} make it ask for ${address} by ARP, and an L3 container never replies`,
  'stale-neighbour': ({ address, mac, node }) =>
    `the neighbour table of ${node} has ${address} at ${mac}, which is the MAC address of no link here`,
  'arp-reply-taken': ({ address, by, next, node }) =>
    `the reply to ${node}'s ARP request for ${next} goes to ${by}, which holds ${address} too`,
  'address-conflict': ({ address, meant, holder: holder, sender }) =>
    `${holder} also replies to ARP for ${address}, and ${sender} sends it the packets for ${meant}`,
  'sender-address-held': ({ address, by }) =>
    `${by} has the address ${address} too, and does not reply to its own address`,
  'host-address-taken': ({ address, by, parent }) =>
    `${by} has the address ${address} too, and receives what arrives on ${parent} for it`,
  'address-lost': ({ address, container }) => `${container} no longer has the address ${address}, which Docker gave it`,
  'not-translated': ({ source }) =>
    `it goes out to the internet with its private source ${source}, to which no reply can return`,
  'reply-to-host': ({ source }) =>
    `the host rewrites its source to ${source}, so replies go to the host and never reach the container`,
  'not-listening': ({ elsewhere, node, port, protocol }) =>
    elsewhere.length > 0
      ? `the service on ${protocol}/${port} of ${node} listens on ${elsewhere.join(' and ')} only`
      : `no process on ${node} listens on ${protocol}/${port}`,
};

function droppedText(by: LinkDecider): string {
  return `${deciderText(by)} drops it`;
}

function taggingText({ node, device, vlan }: Extract<Reason, { kind: 'other-vlan' }>['ends'][number]): string {
  return `${device} of ${node} ${vlan === undefined ? 'sends untagged' : `tags with VLAN ${vlan}`}`;
}
