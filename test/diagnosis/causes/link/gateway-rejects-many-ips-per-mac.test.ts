import { gatewayRejectsManyIpsPerMac } from '../../../../src/diagnosis/causes/link/gateway-rejects-many-ips-per-mac.js';
import { unansweredL2, unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, unseen } from '../../situation.js';

const guarded = recorded('l2-one-address-per-mac');

describeCause(gatewayRejectsManyIpsPerMac, {
  recognises: {
    'L2 containers whose packets leave and reach nobody, beside a host that is answered': guarded,
    'the same on a machine in a rack': runningOn(unansweredL2(), 'physical'),
  },
  leavesAlone: {
    'the same in a cloud, which delivers what it has assigned': runningOn(guarded, 'aws'),
    'macvlan, whose hardware addresses are its own': runningOn(unansweredMacvlan({ heard: false }), 'physical'),
    'L3 containers': recorded('article-first-attempt'),
    'a container that gets through to somebody': arriving(guarded, 'webapp>laptop/*', 'database>laptop/*'),
    'a host that fares no better': lost(guarded, 'timeout', 'host>*'),
    'one neighbour who remembers wrongly': recorded('l2-stale-neighbour-cache'),
    'a gateway that is not there': recorded('l2-wrong-gateway'),
    'a parent whose capture slept': asleep(guarded, 'host'),
    'a healthy L2 network': recorded('l2-healthy'),
  },
  cannotTell: {
    'a network where nobody could listen but the host': unseen(unseen(guarded, 'laptop'), 'gateway'),
  },
});
