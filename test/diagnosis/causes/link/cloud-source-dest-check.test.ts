import { cloudSourceDestCheck } from '../../../../src/diagnosis/causes/link/cloud-source-dest-check.js';
import { unansweredL2 } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, unseen } from '../../situation.js';

const checked = recorded('l3-cloud-source-dest-check');

describeCause(cloudSourceDestCheck, {
  recognises: {
    'packets that leave an EC2 instance and never arrive': checked,
    'the same on Azure': runningOn(checked, 'azure'),
    'the same in a cloud whose commands we do not know': runningOn(checked, 'hetzner'),
  },
  leavesAlone: {
    'packets that arrive, and whose answers get lost': recorded('l3-cloud-route-table-missing'),
    'a gateway of our own without a route back': recorded('article-first-attempt'),
    'the same loss on a machine in a rack': runningOn(checked, 'physical'),
    'containers that get through': arriving(checked, 'webapp>*', 'database>*'),
    'a host that fares no better': lost(checked, 'timeout', 'host>*'),
    'L2, where addresses can be assigned': runningOn(unansweredL2(), 'aws'),
    'a host that may run anywhere, with a gateway that was looked into': runningOn(recorded('article-first-attempt')),
  },
  cannotTell: {
    'an instance with no other to listen at': asleep(checked, 'laptop'),
    'a host that may run anywhere, with a gateway nobody looked into': runningOn(unseen(checked, 'laptop')),
  },
});
