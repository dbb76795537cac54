import { broadcastMulticastInL3 } from '../../../../src/diagnosis/causes/link/broadcast-multicast-in-l3.js';
import type { Over } from '../../../../src/scenario/plan.js';
import { alsoAsked, arriving, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const ID = 'webapp>database/broadcast/5353';
const GROUP: Over = { protocol: 'multicast', group: '224.0.0.251', port: 5353 };
const unheard = (id: string, over: Over = { protocol: 'broadcast', port: 5353 }): Situation =>
  lost(alsoAsked(recorded(id), 'webapp>database/icmp', { id: ID, over }), 'timeout', ID);

describeCause(broadcastMulticastInL3, {
  recognises: {
    'a broadcast without a reply in L3': unheard('article-second-attempt'),
    'a multicast datagram that does not reach its target in L3': unheard('article-second-attempt', GROUP),
    'the same in L3S': change(unheard('article-second-attempt'), ({ networks }) => ({
      networks: networks.map((one) => ({ ...one, mode: 'l3s' })),
    })),
  },
  leavesAlone: {
    'a broadcast without a reply in L2, which could arrive': unheard('l2-healthy'),
    'a multicast datagram that is lost in L2': unheard('l2-healthy', GROUP),
    'a datagram to one address that is lost in L3': lost(recorded('article-second-attempt'), 'timeout', 'webapp>*'),
    'a broadcast with a reply': arriving(unheard('article-second-attempt'), '*'),
  },
});
