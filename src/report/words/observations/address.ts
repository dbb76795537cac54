import type { AddressObservation } from '../../../diagnosis/observations/address.js';
import { placeText } from './place.js';
import type { TextsOf } from './texts.js';

export const ADDRESS: TextsOf<AddressObservation> = {
  'address-held': ({ at: { node, device }, address }) => `${node}: ${device} has ${address} (ip address).`,
  'mac-held': ({ at: { node, device }, parent, mac }) =>
    `${node}: ${device === undefined ? 'its link' : device} on ${parent} has the MAC address ${mac} (${device === undefined ? 'docker inspect' : 'ip link'}).`,
  'other-mac': ({ at, mac, address, attached }) =>
    `${placeText(at)}: frames from ${address} have the MAC address ${mac}; the link on the parent, ${attached.device}, has ${attached.mac} (ip link).`,
  'frames-for-unknown-mac': ({ at, mac }) =>
    `${placeText(at)}: frames for ${mac} come in, and no link on ${at.device ?? 'the parent'} has this MAC address.`,
  'address-lost': ({ at: { node, device }, address }) =>
    `${node}: ${device} does not have ${address}, which Docker gave it (ip address).`,
  'address-of-other': ({ at: { node, device }, parent, address, owner }) =>
    `${node}: ${device} on ${parent} has ${address}, an address of ${owner} (ip address).`,
  'address-not-held': ({ address }) => `${address}: no machine that was looked at has this address.`,
  'arp-conflict': ({ at, address, mac, holder, container, expected }) =>
    `${placeText(at)}: ${mac}${holder ? ` (${placeText(holder)})` : ''} replies by ARP for ${address}; ${container} has ${expected}.`,
  'sent-to-other-mac': ({ container, address, mac, expected }) =>
    `${container}: packets to ${address} went to ${mac}; its own MAC address is ${expected}.`,
  'stale-neighbour': ({ node, address, mac, state, expected, used }) =>
    `${node}: its ARP entry for ${address} is ${mac} (${state}, ip neighbour); the MAC address of ${address} is ${expected}.${used ? ` Packets went to ${mac}.` : ''}`,
  'next-hop-no-router': ({ node, address, holder }) =>
    `${node}: its next hop ${address} is ${holder}, which is not a router.`,
};
