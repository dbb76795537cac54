import { parentIsBondWithDeadLeg } from '../../../../src/diagnosis/causes/link/parent-is-bond-with-dead-leg.js';
import { onBond } from '../../on-bond.js';
import { describeCause, losing, lost, recorded } from '../../situation.js';

const healthy = recorded('l2-healthy');
const outside = [
  'webapp>gateway/icmp',
  '*>google.com/icmp',
  '*>internet/*',
  '*>1.1.1.1/*',
  '*>8.8.8.8/*',
  '*>laptop/*',
  'laptop>*',
  'gateway>webapp/*',
  'gateway>database/*',
  'database>gateway/*',
  'host>*',
];
const cut = lost(healthy, 'timeout', ...outside);
const eth1Dead = { eth1: { received: 0, sent: 60 }, eth2: { received: 14, sent: 0 } };

describeCause(parentIsBondWithDeadLeg, {
  recognises: {
    'an active leg that sends and receives nothing, while the other receives': onBond(cut, { packets: eth1Dead }),
    'one of two legs that take turns, with which some packets are lost': onBond(
      losing(healthy, 'webapp>gateway/icmp', 'webapp>google.com/icmp'),
      {
        mode: 'balance-rr',
        active: undefined,
        packets: { eth1: { received: 61, sent: 60 }, eth2: { received: 0, sent: 60 } },
      },
    ),
  },
  leavesAlone: {
    'a bond whose legs both carry': onBond(healthy),
    'a bond that went on with its other leg': onBond(healthy, {
      active: 'eth2',
      legs: { eth1: { carrier: false, operState: 'DOWN' } },
      packets: { eth1: { received: 0, sent: 0 }, eth2: { received: 60, sent: 60 } },
    }),
    'a LAN where no leg receives anything': onBond(cut, {
      packets: { eth1: { received: 0, sent: 60 }, eth2: { received: 0, sent: 0 } },
    }),
    'a leg that only sends, as mode balance-tlb has it': onBond(losing(healthy, 'webapp>gateway/icmp'), {
      mode: 'balance-tlb',
      packets: { eth1: { received: 60, sent: 30 }, eth2: { received: 0, sent: 30 } },
    }),
    'an active leg that carries, by what arrives': onBond(healthy, { packets: eth1Dead }),
    'a plain link': cut,
  },
});
