import { internalNetwork } from '../../../../src/diagnosis/causes/container/internal-network.js';
import {
  arriving,
  change,
  describeCause,
  lost,
  recorded,
  withoutRoutes,
  withRoute,
  type Situation,
} from '../../situation.js';

const l2 = internal(recorded('l2-no-gateway'));
const l3 = internal(
  ['webapp', 'database'].reduce(
    (situation, node) => withoutRoutes(situation, node, ({ destination }) => destination === '0.0.0.0/0'),
    lost(recorded('article-second-attempt'), 'no-route', 'webapp>g*', 'webapp>8*', 'laptop>webapp*'),
  ),
);

describeCause(internalNetwork, {
  recognises: {
    'an L2 container that sends beyond the LAN': l2,
    'an L3 container that sends beyond its own subnet': l3,
  },
  leavesAlone: {
    'names only, which its resolver does not forward': recorded('moby-dns'),
    'a network without a default route that is not internal': recorded('l2-no-gateway'),
    'a container that has a default route by now': withRoute(l2, 'webapp', {
      destination: '0.0.0.0/0',
      via: '192.168.0.1',
      device: 'eth0',
    }),
    'a container whose flows arrive': arriving(l2, '*'),
  },
});

function internal(situation: Situation): Situation {
  return change(situation, ({ networks }) => ({
    networks: networks.map((network) => ({ ...network, internal: true })),
  }));
}
