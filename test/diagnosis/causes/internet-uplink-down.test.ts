import { internetUplinkDown } from '../../../src/diagnosis/causes/internet-uplink-down.js';
import { retargeted } from '../readdress.js';
import { arriving, describeCause, lost, recorded, unseen } from '../situation.js';

const dark = recorded('uplink-down');
const routed = recorded('article-second-attempt');

describeCause(internetUplinkDown, {
  recognises: {
    'an uplink that is down': dark,
    'a gateway that cannot be seen, beyond which nobody gets an answer': unseen(dark, 'gateway'),
  },
  leavesAlone: {
    'one of two targets that answers, with the gateway out of sight': arriving(
      unseen(dark, 'gateway'),
      'host>*',
      'gateway>*',
    ),
    'a gateway without a way back, where the host gets out': recorded('article-first-attempt'),
    'an address of the containers’ own subnet that nobody holds, which the gateway routes to the host': lost(
      retargeted(routed, 'host>internet/icmp', '192.168.10.77'),
      'timeout',
      'host>internet/icmp',
    ),
    'a parent that is down, behind which nothing can be said of the uplink': recorded('parent-down'),
    'a host that filters only its containers': recorded('comment-host-kill-switch'),
  },
});
