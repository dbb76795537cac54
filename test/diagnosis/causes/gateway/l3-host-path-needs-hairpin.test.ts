import { l3HostPathNeedsHairpin } from '../../../../src/diagnosis/causes/gateway/l3-host-path-needs-hairpin.js';
import { arriving, asleep, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const healthy = recorded('article-second-attempt');
const apart = lost(
  healthy,
  'timeout',
  'webapp>host/icmp',
  'host>webapp/icmp',
  'host>database/icmp',
  'database>host/icmp',
);
/** The gateway's captures without the packets it sent back to the containers. */
const withoutHairpin = (situation: Situation): Situation =>
  change(situation, ({ captures }) => ({
    captures: captures.map((capture) =>
      capture.node === 'gateway'
        ? { ...capture, packets: capture.packets.filter(({ direction }) => direction === 'in') }
        : capture,
    ),
  }));

describeCause(l3HostPathNeedsHairpin, {
  recognises: {
    'a gateway that receives the host’s packets and sends nothing back': withoutHairpin(apart),
  },
  leavesAlone: {
    'a gateway that sends them back': apart,
    'a gateway without a return route, which is another cause': recorded('article-first-attempt'),
    'captures that did not work': asleep(
      change(withoutHairpin(apart), () => ({ captures: [] })),
      'gateway',
    ),
    'L2, where no gateway is involved': recorded('l2-host-to-own-container'),
    'a host that reaches its containers': arriving(withoutHairpin(healthy), '*'),
  },
});
