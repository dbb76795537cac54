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
/** The gateway's captures without what went out again to the containers. */
const swallowed = (situation: Situation): Situation =>
  change(situation, ({ captures }) => ({
    captures: captures.map((capture) =>
      capture.node === 'gateway'
        ? { ...capture, packets: capture.packets.filter(({ direction }) => direction === 'in') }
        : capture,
    ),
  }));

describeCause(l3HostPathNeedsHairpin, {
  recognises: {
    'a gateway that takes the host’s packets and sends nothing back': swallowed(apart),
  },
  leavesAlone: {
    'a gateway that sends them back': apart,
    'a gateway without a route back, which is another cause': recorded('article-first-attempt'),
    'captures that slept': asleep(
      change(swallowed(apart), () => ({ captures: [] })),
      'gateway',
    ),
    'L2, where no gateway takes part': recorded('l2-host-to-own-container'),
    'a host that gets through': arriving(swallowed(healthy), '*'),
  },
});
