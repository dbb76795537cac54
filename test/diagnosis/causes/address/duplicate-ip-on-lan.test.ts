import { duplicateIpOnLan } from '../../../../src/diagnosis/causes/address/duplicate-ip-on-lan.js';
import type { Packet } from '../../../../src/evidence/facts.js';
import { recreated, repacked, withNewLink } from '../../readdress.js';
import { seenFromHost } from '../../../replay/seen-from-host.js';
import { arriving, change, describeCause, lost, recorded, withoutPackets, type Situation } from '../../situation.js';
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

const ADDRESS = '192.168.0.100';

/** As the host sees it: nothing that webapp sends beyond the parent gets a reply, and who replied for its address. */
function fromHost(...macs: readonly string[]): Situation {
  const seen = lost(
    seenFromHost(healthy),
    'timeout',
    'webapp>gateway/icmp',
    'webapp>internet/*',
    'webapp>1.1.1.1/icmp',
    'webapp>google.com/icmp',
  );
  const unanswered = withoutPackets(
    seen,
    'host',
    ({ content }) => 'destination' in content && content.destination === ADDRESS,
  );
  return asked(unanswered, ...macs);
}

function asked(situation: Situation, ...macs: readonly string[]): Situation {
  return change(situation, () => ({ addressHolders: { host: [{ address: ADDRESS, device: 'enp0s3', macs }] } }));
}

const parentMac = healthy.facts.links?.['host']?.find(({ name }) => name === 'enp0s3')?.mac ?? '';
const routerMac = healthy.facts.links?.['gateway']?.find(({ name }) => name === 'lan0')?.mac ?? '';

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
    'a machine that replied to the host for the address, and replies that never came': fromHost(OTHER_MAC),
    'a container of another Docker host': fromHost('02:42:c0:a8:00:64'),
  },
  leavesAlone: {
    'replies that never came, where no machine replied for the address': fromHost(),
    'a reply from the parent itself, as a switch may send it back': fromHost(parentMac),
    'a router that replies for every address': change(fromHost(routerMac), ({ addressHolders: { host = [] } }) => ({
      addressHolders: { host: [...host, { address: '192.168.0.1', device: 'enp0s3', macs: [routerMac] }] },
    })),
    'another machine that replied, where the router does send to the container': lost(
      arriving(fromHost(OTHER_MAC), 'webapp>gateway/icmp'),
      'timeout',
      'webapp>internet/icmp',
    ),
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
