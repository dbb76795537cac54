import { cloudSecondaryIpNotAssigned } from '../../../../src/diagnosis/causes/link/cloud-secondary-ip-not-assigned.js';
import { unansweredL2, unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, describeCause, lost, recorded, unseen } from '../../situation.js';

const unassigned = runningOn(unansweredL2(), 'aws');
const alone = unseen(unseen(unassigned, 'laptop'), 'gateway');

describeCause(cloudSecondaryIpNotAssigned, {
  recognises: {
    'an L2 container whose requests leave and never arrive': unassigned,
    'the same seen from the host alone': alone,
    'macvlan in a cloud, which carries no foreign hardware address': runningOn(
      unansweredMacvlan({ heard: false }),
      'aws',
    ),
  },
  leavesAlone: {
    'L3, where a route is what it takes': recorded('l3-cloud-source-dest-check'),
    'the same loss on a machine in a rack': runningOn(unassigned, 'physical'),
    'a container that gets through': arriving(unassigned, 'webapp>*', 'database>*'),
    'a host that fares no better': lost(unassigned, 'timeout', 'host>*'),
    'macvlan behind a port that is closed to it': runningOn(unansweredMacvlan({ heard: false }), 'physical'),
    'a healthy L2 network in a cloud': runningOn(recorded('l2-healthy'), 'aws'),
    'a wrong gateway in a cloud': runningOn(recorded('l2-wrong-gateway'), 'aws'),
  },
  cannotTell: { 'a host that may run anywhere': runningOn(alone) },
});
