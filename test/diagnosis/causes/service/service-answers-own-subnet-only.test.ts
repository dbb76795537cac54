import { serviceAnswersOwnSubnetOnly } from '../../../../src/diagnosis/causes/service/service-answers-own-subnet-only.js';
import type { Packet, Socket } from '../../../../src/evidence/facts.js';
import {
  alsoAsked,
  arriving,
  asleep,
  change,
  describeCause,
  lost,
  recorded,
  withFirewall,
  type Situation,
} from '../../situation.js';

const [FAR, NEAR] = ['laptop>database/udp/5300', 'near>database/udp/5300'];
const TAG = 48_900;
const over = { protocol: 'udp', port: 5300 } as const;

const request = (source: string, reply = false): Packet => ({
  ...{ atMs: 0, direction: reply ? 'out' : 'in', sourceMac: '', targetMac: '', vlan: undefined },
  content: {
    ...{ kind: 'udp', flags: '', ttl: 64 },
    ...(reply
      ? { source: '192.168.20.10', destination: source, sourcePort: 5300, destinationPort: TAG }
      : { source, destination: '192.168.20.10', sourcePort: TAG, destinationPort: 5300 }),
  },
});

const OPEN: Socket = { protocol: 'udp', address: '0.0.0.0', port: 5300 };

/** The laptop asks the database for a datagram: what the database's own link saw of it, and what listens there. */
function asked(packets: readonly Packet[], sockets: readonly Socket[] = [OPEN]): Situation {
  const base = alsoAsked(recorded('l3-service-on-loopback'), 'laptop>database/tcp/8080', { id: FAR, over, tag: TAG });
  return lost(
    change(arriving(base, '*'), (was) => ({
      sockets: { ...was.sockets, database: sockets },
      captures: was.captures.map((one) =>
        one.node === 'database' ? { ...one, packets: [...one.packets, ...packets] } : one,
      ),
    })),
    'timeout',
    FAR,
  );
}
/** A machine in the container's own subnet asks for the same. */
const besides = (situation: Situation): Situation =>
  arriving(
    change(alsoAsked(situation, FAR, { id: NEAR, from: 'near', tag: TAG + 1 }), ({ nodes }) => ({
      nodes: [...nodes, { name: 'near', kind: 'peer', addresses: ['192.168.20.77'] }],
    })),
    NEAR,
  );
const read = asked([request('192.168.0.50')]);

describeCause(serviceAnswersOwnSubnetOnly, {
  recognises: {
    'a request that the container gets, on an open port, and that nothing replies to': read,
    'the same, where its own subnet gets a reply': besides(read),
  },
  leavesAlone: {
    'a service that replies to its own subnet no more than to others': lost(besides(read), 'timeout', NEAR),
    'a firewall in the container that drops the request': withFirewall(read, 'database', {
      chains: [{ chain: 'input', hook: 'input', policy: 'drop' }],
    }),
    'a firewall in the container that drops the reply': withFirewall(read, 'database', {
      chains: [{ chain: 'output', hook: 'output', policy: 'drop' }],
    }),
    'a request that never came': asked([]),
    'a capture that was not awake': asleep(read, 'database'),
    'a reply that is lost on its way': asked([request('192.168.0.50'), request('192.168.0.50', true)]),
    'a port on which no service listens': asked([request('192.168.0.50')], []),
    'a service on another address': asked([request('192.168.0.50')], [{ ...OPEN, address: '127.0.0.1' }]),
    'a request that gets a reply': arriving(read, FAR),
  },
});
