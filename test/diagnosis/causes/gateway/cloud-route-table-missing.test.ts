import { cloudRouteTableMissing } from '../../../../src/diagnosis/causes/gateway/cloud-route-table-missing.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, unseen } from '../../situation.js';

const routeless = recorded('l3-cloud-route-table-missing');

describeCause(cloudRouteTableMissing, {
  recognises: {
    'packets that arrive at another instance, whose replies are lost': routeless,
    'the same on Google Cloud': runningOn(routeless, 'google'),
  },
  leavesAlone: {
    'packets that never arrive': recorded('l3-cloud-source-dest-check'),
    'the same on a LAN that is not in a cloud': runningOn(unseen(recorded('article-first-attempt'), 'gateway'), 'qemu'),
    'another instance whose capture did not work': asleep(routeless, 'laptop'),
    'containers that reach their targets': arriving(routeless, 'webapp>*', 'database>*'),
    'a host that fails too': lost(routeless, 'timeout', 'host>*'),
    'a security group without a rule for them': recorded('l3-cloud-security-group'),
  },
});
