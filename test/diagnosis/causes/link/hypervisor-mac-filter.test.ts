import { hypervisorMacFilter } from '../../../../src/diagnosis/causes/link/hypervisor-mac-filter.js';
import { unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, losing, lost, recorded } from '../../situation.js';

const filtered = runningOn(unansweredMacvlan({ heard: true }), 'qemu');

describeCause(hypervisorMacFilter, {
  recognises: {
    'a virtual machine whose ARP requests arrive and stay unanswered': filtered,
    'the same where the host loses some of its requests': losing(filtered, 'host>*'),
    'the same on VMware': runningOn(filtered, 'vmware'),
    'the same on a host of unknown platform': runningOn(filtered),
  },
  leavesAlone: {
    'containers whose ARP requests arrive nowhere': runningOn(unansweredMacvlan({ heard: false }), 'qemu'),
    'a LAN where no other node captures': asleep(asleep(filtered, 'gateway'), 'laptop'),
    'a physical machine': runningOn(filtered, 'physical'),
    'an instance in a cloud': runningOn(filtered, 'google'),
    'a Wi-Fi parent': runningOn(unansweredMacvlan({ heard: true }), 'qemu', ['enp0s3']),
    'IPvlan, healthy': recorded('l2-healthy'),
    'containers that reach one machine of the LAN': arriving(filtered, 'webapp>laptop/icmp', 'database>laptop/icmp'),
    'a host that gets no replies either': lost(filtered, 'timeout', 'host>*'),
  },
});
