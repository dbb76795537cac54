import { duplicateIpOnLan } from '../../../../src/diagnosis/causes/address/duplicate-ip-on-lan.js';
import type { Packet } from '../../../../src/evidence/facts.js';
import { recreated, repacked, withNewLink } from '../../readdress.js';
import { arriving, describeCause, lost, recorded } from '../../situation.js';
import { answeredNowAndThen } from '../../twice.js';

const RIVAL = '02:00:00:00:00:99';
const healthy = recorded('l2-healthy');
const refused = lost(healthy, 'refused', 'laptop>webapp/icmp');
const claim: Packet = {
  atMs: 1,
  direction: 'in',
  sourceMac: RIVAL,
  targetMac: '02:00:00:00:00:50',
  vlan: undefined,
  content: { kind: 'arp', operation: 'reply', sender: '192.168.0.100', target: '192.168.0.50', senderMac: RIVAL },
};
const sentToRival = (packet: Packet): readonly Packet[] => [{ ...packet, targetMac: RIVAL }];
const astray = repacked(refused, 'laptop', sentToRival);
const contested = repacked(astray, 'laptop', (packet) => [packet, claim]);

describeCause(duplicateIpOnLan, {
  recognises: {
    'two hardware addresses that answer ARP, and packets that went to the other': contested,
    'the same with the other machine in sight': withNewLink(contested, 'laptop', {
      name: 'eth1',
      mac: RIVAL,
      addresses: ['192.168.0.100/24'],
    }),
    'the same with nobody heard to answer, and the other machine in sight': withNewLink(astray, 'laptop', {
      name: 'eth1',
      mac: RIVAL,
      addresses: ['192.168.0.100/24'],
    }),
    'a gateway that sends some answers to the other machine, and some to the container': answeredNowAndThen(),
  },
  leavesAlone: {
    'a claim that nobody believed': repacked(refused, 'laptop', (packet) => [packet, claim]),
    'packets that went to a router of the LAN: nobody claims the address': astray,
    'another machine with the address, to which no packet went': withNewLink(refused, 'laptop', {
      name: 'eth1',
      mac: RIVAL,
      addresses: ['192.168.0.100/24'],
    }),
    'L3, where nobody asks for containers by ARP': recreated(contested, { mode: 'l3' }),
    'flows that arrive': arriving(contested, '*'),
  },
});
