import { hypervisorMacFilter } from '../../../../src/diagnosis/causes/link/hypervisor-mac-filter.js';
import { unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, losing, lost, recorded } from '../../situation.js';

const filtered = runningOn(unansweredMacvlan({ heard: true }), 'qemu');

describeCause(hypervisorMacFilter, {
  recognises: {
    'a virtual machine whose containers are heard and never answered': filtered,
    'the same where the host loses some of what it asks': losing(filtered, 'host>*'),
    'the same on VMware': runningOn(filtered, 'vmware'),
    'the same where nobody knows what the host is': runningOn(filtered),
  },
  leavesAlone: {
    'containers nobody hears': runningOn(unansweredMacvlan({ heard: false }), 'qemu'),
    'nobody who could have listened': asleep(asleep(filtered, 'gateway'), 'laptop'),
    'a physical machine': runningOn(filtered, 'physical'),
    'an instance in a cloud': runningOn(filtered, 'google'),
    'a Wi-Fi parent': runningOn(unansweredMacvlan({ heard: true }), 'qemu', ['enp0s3']),
    'IPvlan, healthy': recorded('l2-healthy'),
    'containers that reach one machine of the LAN': arriving(filtered, 'webapp>laptop/icmp', 'database>laptop/icmp'),
    'a host that fares no better': lost(filtered, 'timeout', 'host>*'),
  },
});
