import { publishedPortsIgnored } from '../../../../src/diagnosis/causes/service/published-ports-ignored.js';
import type { ContainerFact, Socket } from '../../../../src/evidence/facts.js';
import { alsoAsked, arriving, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const ID = 'laptop>host/tcp/8080';
const asked = lost(
  alsoAsked(recorded('l2-host-to-own-container'), 'host>database/tcp/3306', {
    id: ID,
    from: 'laptop',
    to: { label: 'host', node: 'host', name: undefined, address: '192.168.0.2' },
    over: { protocol: 'tcp', port: 8080 },
  }),
  'refused',
  ID,
);
const published = (more: Partial<ContainerFact>, host: readonly Socket[] = []): Situation =>
  change(asked, ({ containers }) => ({
    containers: containers.map((container) => (container.name === 'webapp' ? { ...container, ...more } : container)),
    sockets: { host },
  }));
const tcp = (hostPort: number | undefined, port = 80) => ({
  publishes: [{ protocol: 'tcp' as const, port, hostPort }],
});

describeCause(publishedPortsIgnored, {
  recognises: {
    'a published port on which the host rejects connections': published(tcp(8080)),
    'a published port with the same number on both sides': published(tcp(undefined, 8080)),
    'a published port on a host that listens there on the loopback only': published(tcp(8080), [
      { protocol: 'tcp', address: '127.0.0.1', port: 8080 },
    ]),
  },
  leavesAlone: {
    'a port that no container published': published({}),
    'another port': published(tcp(8081)),
    'the same port over UDP': published({ publishes: [{ protocol: 'udp', port: 8080, hostPort: 8080 }] }),
    'a host that listens there itself': published(tcp(8080), [{ protocol: 'tcp', address: '0.0.0.0', port: 8080 }]),
    'a container that is also on a bridge, which publishes its ports': change(published(tcp(8080)), (was) => ({
      networks: [...was.networks, { ...was.networks[0]!, name: 'front', driver: 'bridge', mode: undefined }],
      containers: was.containers.map((one) => ({
        ...one,
        attachments: [...one.attachments, { network: 'front', addresses: ['172.30.0.2'], gateway: '172.30.0.1' }],
      })),
    })),
    'a port that accepts connections': arriving(published(tcp(8080)), '*'),
  },
});
