import { securityGroupOrNacl } from '../../../../src/diagnosis/causes/link/security-group-or-nacl.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, withoutPackets } from '../../situation.js';

const grouped = recorded('l3-cloud-security-group');

describeCause(securityGroupOrNacl, {
  recognises: {
    'replies that come in, and no requests of others': grouped,
    'the same where the other instance does not capture': asleep(grouped, 'laptop'),
  },
  leavesAlone: {
    'the same on a LAN that is no cloud': runningOn(grouped, 'qemu'),
    'a host of unknown platform': runningOn(grouped),
    'an instance whose requests never left it': withoutPackets(
      grouped,
      'laptop',
      ({ direction }) => direction === 'out',
    ),
    'containers that get no replies either': recorded('l3-cloud-source-dest-check'),
    'containers without a return route': recorded('l3-cloud-route-table-missing'),
    'containers whose own requests get no replies': lost(grouped, 'timeout', 'webapp>*', 'database>*'),
    'a parent that was not captured': asleep(grouped, 'host'),
    'others that get through': arriving(grouped, 'laptop>*'),
    'a healthy network in a cloud': runningOn(recorded('article-lan-to-container'), 'aws'),
  },
});
