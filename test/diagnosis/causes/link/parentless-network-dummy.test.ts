import { parentlessNetworkDummy } from '../../../../src/diagnosis/causes/link/parentless-network-dummy.js';
import type { NetworkFact } from '../../../../src/evidence/facts.js';
import { arriving, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const failing = lost(
  recorded('article-second-attempt'),
  'timeout',
  // All but what the two containers send each other: nothing else passes a dummy link.
  ...['webapp', 'database'].flatMap((name) => [
    ...['g', 'h', 'i', 'l', '1', '8'].map((to) => `${name}>${to}*`),
    ...['gateway', 'host', 'laptop'].map((from) => `${from}>${name}*`),
  ]),
);
const orphan = withNetwork({ parent: undefined, options: { host_iface: 'enp0s3', ipvlan_mode: 'l3' } });

describeCause(parentlessNetworkDummy, {
  recognises: {
    'containers that send to the outside on a dummy link': orphan,
    'the same on macvlan': withNetwork({ parent: undefined, driver: 'macvlan', mode: 'bridge', options: {} }),
    'a network that names the dummy link itself': withNetwork({ parent: 'di-0123456789ab' }),
  },
  leavesAlone: {
    'names only, which its own resolver does not resolve': recorded('moby-dns'),
    'containers that only send to each other': arriving(orphan, '*'),
    'a network that is internal on purpose': withNetwork({ parent: undefined, internal: true }),
    'a network with a parent, beside failing checks': failing,
    'a bridge network, which has no parent': withNetwork({ parent: undefined, driver: 'bridge', mode: undefined }),
  },
});

function withNetwork(to: Partial<NetworkFact>): Situation {
  return change(failing, ({ networks }) => ({ networks: networks.map((network) => ({ ...network, ...to })) }));
}
