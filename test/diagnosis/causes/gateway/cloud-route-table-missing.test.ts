import { cloudRouteTableMissing } from '../../../../src/diagnosis/causes/gateway/cloud-route-table-missing.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, unseen } from '../../situation.js';

const routeless = recorded('l3-cloud-route-table-missing');

describeCause(cloudRouteTableMissing, {
  recognises: {
    'packets that arrive at another instance, whose answers get lost': routeless,
    'the same on Google Cloud': runningOn(routeless, 'google'),
  },
  leavesAlone: {
    'packets that never arrive': recorded('l3-cloud-source-dest-check'),
    'the same on a LAN of our own': runningOn(unseen(recorded('article-first-attempt'), 'gateway'), 'qemu'),
    'another instance that could not be listened at': asleep(routeless, 'laptop'),
    'containers that get through': arriving(routeless, 'webapp>*', 'database>*'),
    'a host that fares no better': lost(routeless, 'timeout', 'host>*'),
    'a security group without a rule for them': recorded('l3-cloud-security-group'),
  },
});
