import { internalOrParentlessNoExternalDns } from '../../../../src/diagnosis/causes/service/internal-or-parentless-no-external-dns.js';
import type { NetworkFact } from '../../../../src/evidence/facts.js';
import { alsoAsked, arriving, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const ID = 'webapp>google.com/dns';
const unresolved = lost(
  alsoAsked(recorded('l2-healthy'), 'webapp>google.com/icmp', { id: ID, over: { protocol: 'dns' }, tag: undefined }),
  'not-resolved',
  ID,
);
/** All flows except those between the two containers. */
const BEYOND = ['webapp', 'database'].flatMap((name) => [
  ...['gateway', 'google.com/icmp', 'i', 'l', '1', '8'].map((to) => `${name}>${to}*`),
  ...['gateway', 'laptop'].map((from) => `${from}>${name}*`),
]);
const closed = (more: Partial<NetworkFact>): Situation =>
  change(lost(unresolved, 'timeout', ...BEYOND), ({ networks }) => ({
    networks: networks.map((one) => ({ ...one, ...more })),
  }));

describeCause(internalOrParentlessNoExternalDns, {
  recognises: {
    'a network without a parent': closed({ parent: undefined }),
    'an internal network with a parent': closed({ internal: true }),
  },
  leavesAlone: {
    'a network with a way out, whose resolver fails': unresolved,
    'a container that is on a network with a way out too': change(closed({ internal: true }), (was) => ({
      networks: [...was.networks, { ...was.networks[0]!, name: 'front', driver: 'bridge', internal: false }],
      containers: was.containers.map((one) => ({
        ...one,
        attachments: [...one.attachments, { network: 'front', addresses: ['172.30.0.2'], gateway: undefined }],
      })),
    })),
    'a name that resolves': arriving(closed({ internal: true }), '*'),
  },
});
