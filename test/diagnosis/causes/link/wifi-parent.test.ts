import { wifiParent } from '../../../../src/diagnosis/causes/link/wifi-parent.js';
import { unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, describeCause, lost } from '../../situation.js';

const wireless = runningOn(unansweredMacvlan({ heard: false }), 'physical', ['enp0s3']);

describeCause(wifiParent, {
  recognises: {
    'macvlan on a link the kernel has a radio for': wireless,
  },
  leavesAlone: {
    'the same loss on a cable': runningOn(unansweredMacvlan({ heard: false }), 'physical'),
    'Wi-Fi beside the parent': runningOn(unansweredMacvlan({ heard: false }), 'physical', ['wlp3s0']),
    'containers that get through, as by an access point in WDS mode': arriving(wireless, 'webapp>*', 'database>*'),
    'a host that is not connected either': lost(wireless, 'timeout', 'host>*'),
  },
});
