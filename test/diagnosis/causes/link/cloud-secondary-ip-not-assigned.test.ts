import { cloudSecondaryIpNotAssigned } from '../../../../src/diagnosis/causes/link/cloud-secondary-ip-not-assigned.js';
import { unansweredL2, unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { seenFromHost } from '../../../replay/seen-from-host.js';
import { arriving, describeCause, lost, recorded, unseen } from '../../situation.js';

const unassigned = runningOn(unansweredL2(), 'aws');
const alone = unseen(unseen(unassigned, 'laptop'), 'gateway');

describeCause(cloudSecondaryIpNotAssigned, {
  recognises: {
    'an L2 container whose requests leave and never arrive': unassigned,
    'the same seen from the host alone': alone,
    'macvlan in a cloud, which carries no other MAC address': runningOn(unansweredMacvlan({ heard: false }), 'aws'),
  },
  leavesAlone: {
    'L3, which needs a route': recorded('l3-cloud-source-dest-check'),
    'the same loss on a physical machine': runningOn(unassigned, 'physical'),
    'a container that gets through': arriving(unassigned, 'webapp>*', 'database>*'),
    'a host that gets no replies either': lost(unassigned, 'timeout', 'host>*'),
    'macvlan behind a port that drops its frames': runningOn(unansweredMacvlan({ heard: false }), 'physical'),
    'a healthy L2 network in a cloud': runningOn(recorded('l2-healthy'), 'aws'),
    'a wrong gateway in a cloud': runningOn(recorded('l2-wrong-gateway'), 'aws'),
  },
  cannotTell: { 'a host of unknown platform': runningOn(seenFromHost(recorded('l2-cloud-secondary-ip-not-assigned'))) },
});
