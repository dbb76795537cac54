import { duplicateIpOnLan } from '../../../../src/diagnosis/causes/address/duplicate-ip-on-lan.js';
import type { Packet } from '../../../../src/evidence/facts.js';
import { recreated, repacked, withNewLink } from '../../readdress.js';
import { arriving, describeCause, lost, recorded } from '../../situation.js';
import { answeredNowAndThen } from '../../twice.js';

const OTHER_MAC = '02:00:00:00:00:99';
const healthy = recorded('l2-healthy');
const refused = lost(healthy, 'refused', 'laptop>webapp/icmp');
const claim: Packet = {
  atMs: 1,
  direction: 'in',
  sourceMac: OTHER_MAC,
  targetMac: '02:00:00:00:00:50',
  vlan: undefined,
  content: { kind: 'arp', operation: 'reply', sender: '192.168.0.100', target: '192.168.0.50', senderMac: OTHER_MAC },
};
const sentToOther = (packet: Packet): readonly Packet[] => [{ ...packet, targetMac: OTHER_MAC }];
const misdirected = repacked(refused, 'laptop', sentToOther);
const conflicting = repacked(misdirected, 'laptop', (packet) => [packet, claim]);

describeCause(duplicateIpOnLan, {
  recognises: {
    'two MAC addresses that reply to ARP, and packets that went to the other': conflicting,
    'the same where the links of the other machine were seen': withNewLink(conflicting, 'laptop', {
      name: 'eth1',
      mac: OTHER_MAC,
      addresses: ['192.168.0.100/24'],
    }),
    'the same without an ARP reply, where the links of the other machine were seen': withNewLink(
      misdirected,
      'laptop',
      {
        name: 'eth1',
        mac: OTHER_MAC,
        addresses: ['192.168.0.100/24'],
      },
    ),
    'a gateway that sends some replies to the other machine, and some to the container': answeredNowAndThen(),
  },
  leavesAlone: {
    'an ARP reply that no sender used': repacked(refused, 'laptop', (packet) => [packet, claim]),
    'packets that went to a router of the LAN, without an ARP reply for the address': misdirected,
    'another machine with the address, to which no packet went': withNewLink(refused, 'laptop', {
      name: 'eth1',
      mac: OTHER_MAC,
      addresses: ['192.168.0.100/24'],
    }),
    'L3, where there is no ARP for containers': recreated(conflicting, { mode: 'l3' }),
    'flows that arrive': arriving(conflicting, '*'),
  },
});
