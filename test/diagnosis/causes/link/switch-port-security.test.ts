import { switchPortSecurity } from '../../../../src/diagnosis/causes/link/switch-port-security.js';
import { unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, describeCause, lost, recorded, withLink, withoutPackets } from '../../situation.js';

const closed = runningOn(unansweredMacvlan({ heard: false }), 'physical');

describeCause(switchPortSecurity, {
  recognises: {
    'a port that drops what macvlan containers send': closed,
    'the same from the host alone': runningOn(withoutOthers(), 'physical'),
  },
  leavesAlone: {
    'IPvlan, healthy': recorded('l2-healthy'),
    'containers whose ARP requests arrive on the LAN': runningOn(unansweredMacvlan({ heard: true }), 'physical'),
    'a Wi-Fi parent': runningOn(closed, 'physical', ['enp0s3']),
    'an instance in a cloud': runningOn(closed, 'aws'),
    'containers that reach one machine of the LAN': arriving(closed, 'webapp>laptop/icmp', 'database>laptop/icmp'),
    'a host that gets no replies either': lost(closed, 'timeout', 'host>*'),
    'a parent that is down': withLink(closed, 'host', { name: 'enp0s3', adminUp: false }),
    'containers that sent no ARP request': withoutPackets(closed, 'host', ({ content }) => content.kind === 'arp'),
  },
  cannotTell: {
    'a virtual machine, whose virtual switch may do the same': runningOn(closed, 'vmware'),
    'a host of unknown platform': runningOn(closed),
  },
});

function withoutOthers() {
  return {
    ...closed,
    facts: { ...closed.facts, captures: (closed.facts.captures ?? []).filter(({ node }) => node === 'host') },
  };
}
