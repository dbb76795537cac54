import { gatewayRejectsManyIpsPerMac } from '../../../../src/diagnosis/causes/link/gateway-rejects-many-ips-per-mac.js';
import { unansweredL2, unansweredMacvlan } from '../../filtered-l2.js';
import { runningOn } from '../../running-on.js';
import { arriving, asleep, describeCause, lost, recorded, unseen } from '../../situation.js';

const guarded = recorded('l2-one-address-per-mac');

describeCause(gatewayRejectsManyIpsPerMac, {
  recognises: {
    'L2 containers whose packets leave and never arrive, beside a host that gets replies': guarded,
    'the same on a physical machine': runningOn(unansweredL2(), 'physical'),
  },
  leavesAlone: {
    'the same in a cloud, which delivers what it has assigned': runningOn(guarded, 'aws'),
    'macvlan, which has MAC addresses of its own': runningOn(unansweredMacvlan({ heard: false }), 'physical'),
    'L3 containers': recorded('article-first-attempt'),
    'a container that reaches one machine': arriving(guarded, 'webapp>laptop/*', 'database>laptop/*'),
    'a host that gets no replies either': lost(guarded, 'timeout', 'host>*'),
    'one neighbour with a stale ARP entry': recorded('l2-stale-neighbour-cache'),
    'a gateway address that no node has': recorded('l2-wrong-gateway'),
    'a parent whose capture saw nothing': asleep(guarded, 'host'),
    'a healthy L2 network': recorded('l2-healthy'),
  },
  cannotTell: {
    'a network where only the host captures': unseen(unseen(guarded, 'laptop'), 'gateway'),
  },
});
