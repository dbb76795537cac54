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
      return `frames of VLAN ${reason.vlan} leave by ${reason.device} of ${reason.node}, and none ever comes back`;
    case 'no-parent':
      return `the network ${reason.network} has no parent: it hangs on a dummy link, and what goes out there goes nowhere`;
    case 'host-apart':
      return `the link ${reason.device} never receives what it sent itself: ${reason.driver} keeps the host and its containers apart`;
    case 'siblings-apart':
      return `${reason.setting} ${reason.value} keeps containers of one parent apart`;
    case 'siblings-by-switch':
      return 'flag vepa sends it out to the switch, where both ends have one hardware address';
    case 'no-route':
      return `no route to ${reason.destination}`;
    case 'route-forbids':
      return `its route to ${reason.destination} says ${reason.type}`;
    case 'no-route-via-parent':
      return `no route by ${reason.device} leads to ${reason.destination}: the kernel asks for it by ARP on the LAN`;
    case 'route-via-other-link':
      return `its route to ${reason.destination} leads to ${reason.device}, and its containers are on ${reason.parent}`;
    case 'reply-via-other-network':
      return `the answer of ${reason.source} leaves by ${reason.device}, which is on another network`;
    case 'only-default-route':
      return `only its default route matches ${reason.destination}: the packet goes out to the internet`;
    case 'forwarding-off':
      return `forwarding is off on ${reason.node} (sysctl)`;
    case 'routing-loop':
      return `it goes in circles by ${reason.node}`;
    case 'reverse-path-filter':
      return `its reverse path filter is strict, and its way back to ${reason.source} is not by ${reason.device}`;
    case 'no-route-on-internet':
      return `nobody on the internet has a way to ${reason.destination}`;
    case 'address-not-held':
      return reason.as === 'target'
        ? `nobody holds ${reason.address}`
        : `its next hop ${reason.address} is nobody's address`;
    case 'next-hop-in-l3':
      return `its next hop ${reason.address} is taken to be on the LAN, where an L3 container never answers for its address`;
    case 'arp-for-l3-container':
      return `by its routes ${reason.node} asks for ${reason.address} by ARP, and an L3 container never answers`;
    case 'stale-neighbour':
      return `the neighbour table of ${reason.node} has ${reason.address} at ${reason.mac}, which is nobody's hardware address here`;
    case 'arp-reply-taken':
      return `the reply to ${reason.node}'s ARP request for ${reason.next} goes to ${reason.by}, which holds ${reason.address} too`;
    case 'address-conflict':
      return `the address ${reason.address} is answered for by ${reason.rival} too, and ${reason.sender} sends there what is meant for ${reason.meant}`;
    case 'sender-address-held':
      return `the address ${reason.address} is ${reason.by}'s too, which answers nobody who asks from there`;
    case 'host-address-taken':
      return `what comes in by ${reason.parent} for ${reason.address} goes to ${reason.by}, which holds that address too`;
    case 'address-lost':
      return `the address ${reason.address}, which Docker gave ${reason.container}, is no longer there`;
    case 'not-translated':
      return `it leaves for the internet with its source ${reason.source} as it is, where nobody can answer it`;
    case 'reply-to-host':
      return `its source becomes ${reason.source}, and in L3 the answers to that pass the container by`;
    case 'not-listening':
      return reason.elsewhere.length > 0
        ? `what listens on ${reason.protocol}/${reason.port} of ${reason.node} does so by ${reason.elsewhere.join(' and ')} only`
        : `nobody on ${reason.node} listens on ${reason.protocol}/${reason.port}`;
  }
}

function taggingText({ node, device, vlan }: Extract<Reason, { kind: 'other-vlan' }>['ends'][number]): string {
  return `${device} of ${node} ${vlan === undefined ? 'sends untagged' : `tags with VLAN ${vlan}`}`;
}
