import { securityGroupOrNacl } from '../../../../src/diagnosis/causes/link/security-group-or-nacl.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, withoutPackets } from '../../situation.js';

const grouped = recorded('l3-cloud-security-group');

describeCause(securityGroupOrNacl, {
  recognises: {
    'answers that come in, and nothing that others begin': grouped,
    'the same where the other instance cannot be listened at': asleep(grouped, 'laptop'),
  },
  leavesAlone: {
    'the same on a LAN of our own': runningOn(grouped, 'qemu'),
    'a host that may run anywhere': runningOn(grouped),
    'an instance whose requests never left it': withoutPackets(
      grouped,
      'laptop',
      ({ direction }) => direction === 'out',
    ),
    'containers that get no answers either': recorded('l3-cloud-source-dest-check'),
    'containers without a way back': recorded('l3-cloud-route-table-missing'),
    'containers that reach others in vain': lost(grouped, 'timeout', 'webapp>*', 'database>*'),
    'a parent nobody listened at': asleep(grouped, 'host'),
    'others that get through': arriving(grouped, 'laptop>*'),
    'a healthy network in a cloud': runningOn(recorded('article-lan-to-container'), 'aws'),
  },
});
