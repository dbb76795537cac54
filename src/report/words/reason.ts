import { deciderText } from '../../diagnosis/filter-names.js';
import type { Reason } from '../../path/reason.js';

/** Why a packet gets no further, as the end of a sentence: `the link enp0s3 is set down`. */
export function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case 'rule':
    case 'policy':
    case 'link-filter':
      return `${deciderText(reason)} drops it`;
    case 'link-down':
      return `the link ${reason.device} is set down`;
    case 'no-carrier':
      return `the link ${reason.device} has no carrier`;
    case 'no-carrier-on-parent':
      return `the link ${reason.parent} has no carrier, and neither has ${reason.device} of ${reason.node}`;
    case 'switch-port-down':
      return `the switch port of ${reason.node} is set down`;
    case 'too-big':
      return `the packet has ${reason.bytes} bytes, and ${reason.device} of ${reason.node} carries ${reason.mtu} at most`;
    case 'other-vlan':
      return reason.ends.map(taggingText).join(', and ');
    case 'vlan-unanswered':
      return `${reason.node} sends frames of VLAN ${reason.vlan} via ${reason.device} and receives none`;
    case 'no-parent':
      return `the network ${reason.network} has no parent: it is attached to a dummy link, which discards what it sends`;
    case 'host-apart':
      return `the link ${reason.device} never receives the packets it sent: ${reason.driver} isolates the host from its containers`;
    case 'siblings-apart':
      return `${reason.setting} ${reason.value} isolates containers of one parent from each other`;
    case 'siblings-by-switch':
      return 'flag vepa sends it out to the switch, where both containers have one MAC address';
    case 'no-route':
      return `no route to ${reason.destination}`;
    case 'route-forbids':
      return `its route to ${reason.destination} is of type ${reason.type}`;
    case 'no-route-via-parent':
      return `no route via ${reason.device} matches ${reason.destination}: the kernel asks for it by ARP on the LAN`;
    case 'route-via-other-link':
      return `its route to ${reason.destination} is via ${reason.device}, and its containers are on ${reason.parent}`;
    case 'reply-via-other-network':
      return `the reply of ${reason.source} goes out via ${reason.device}, which is on another network`;
    case 'only-default-route':
      return `only its default route matches ${reason.destination}: the packet goes out to the internet`;
    case 'forwarding-off':
      return `forwarding is off on ${reason.node} (sysctl)`;
    case 'routing-loop':
      return `it loops through ${reason.node}`;
    case 'reverse-path-filter':
      return `its reverse path filter is strict, and its own route to ${reason.source} is not via ${reason.device}`;
    case 'no-route-on-internet':
      return `the internet has no route to ${reason.destination}`;
    case 'address-not-held':
      return reason.as === 'target'
        ? `no node has the address ${reason.address}`
        : `no node has the address of its next hop, ${reason.address}`;
    case 'next-hop-in-l3':
      return `it asks for its next hop ${reason.address} by ARP on the LAN, and an L3 container never replies to ARP`;
    case 'arp-for-l3-container':
      return `the routes of ${reason.node} make it ask for ${reason.address} by ARP, and an L3 container never replies`;
    case 'stale-neighbour':
      return `the neighbour table of ${reason.node} has ${reason.address} at ${reason.mac}, which is the MAC address of no link here`;
    case 'arp-reply-taken':
      return `the reply to ${reason.node}'s ARP request for ${reason.next} goes to ${reason.by}, which holds ${reason.address} too`;
    case 'address-conflict':
      return `${reason.rival} also replies to ARP for ${reason.address}, and ${reason.sender} sends it the packets for ${reason.meant}`;
    case 'sender-address-held':
      return `${reason.by} has the address ${reason.address} too, and does not reply to its own address`;
    case 'host-address-taken':
      return `${reason.by} has the address ${reason.address} too, and receives what arrives on ${reason.parent} for it`;
    case 'address-lost':
      return `${reason.container} no longer has the address ${reason.address}, which Docker gave it`;
    case 'not-translated':
      return `it goes out to the internet with its private source ${reason.source}, to which no reply can return`;
    case 'reply-to-host':
      return `the host rewrites its source to ${reason.source}, so replies go to the host and never reach the container`;
    case 'not-listening':
      return reason.elsewhere.length > 0
        ? `the service on ${reason.protocol}/${reason.port} of ${reason.node} listens on ${reason.elsewhere.join(' and ')} only`
        : `no process on ${reason.node} listens on ${reason.protocol}/${reason.port}`;
  }
}

function taggingText({ node, device, vlan }: Extract<Reason, { kind: 'other-vlan' }>['ends'][number]): string {
  return `${device} of ${node} ${vlan === undefined ? 'sends untagged' : `tags with VLAN ${vlan}`}`;
}
