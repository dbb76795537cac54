import { cloudSourceDestCheck } from '../../../../src/diagnosis/causes/link/cloud-source-dest-check.js';
import { unansweredL2 } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, unseen } from '../../situation.js';

const checked = recorded('l3-cloud-source-dest-check');

describeCause(cloudSourceDestCheck, {
  recognises: {
    'packets that leave an EC2 instance and never arrive': checked,
    'the same on Azure': runningOn(checked, 'azure'),
    'the same in a cloud without commands of its own': runningOn(checked, 'hetzner'),
  },
  leavesAlone: {
    'packets that arrive, and whose replies are lost': recorded('l3-cloud-route-table-missing'),
    'a gateway on the LAN without a return route': recorded('article-first-attempt'),
    'the same loss on a physical machine': runningOn(checked, 'physical'),
    'containers that get through': arriving(checked, 'webapp>*', 'database>*'),
    'a host that gets no replies either': lost(checked, 'timeout', 'host>*'),
    'L2, where addresses can be assigned': runningOn(unansweredL2(), 'aws'),
    'a host of unknown platform, with a gateway that was looked at': runningOn(recorded('article-first-attempt')),
  },
  cannotTell: {
    'an instance beside which no other captures': asleep(checked, 'laptop'),
    'a host of unknown platform, with a gateway that was not looked at': runningOn(unseen(checked, 'laptop')),
  },
});
