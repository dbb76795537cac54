import { dnsServerUnreachableFromContainer } from '../../../../src/diagnosis/causes/service/dns-server-unreachable-from-container.js';
import { alsoAsked, arriving, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const NAME = 'webapp>google.com/dns';
const asks = (server: string): Situation => {
  const at = { label: server, node: undefined, name: undefined, address: server };
  const dns = { over: { protocol: 'dns' as const }, tag: undefined };
  const named = alsoAsked(recorded('l2-healthy'), 'webapp>google.com/icmp', { id: NAME, ...dns });
  const direct = alsoAsked(named, 'webapp>gateway/icmp', { id: `webapp>${server}/dns`, to: at, ...dns });
  const byHost = alsoAsked(direct, 'host>gateway/icmp', { id: `host>${server}/dns`, to: at, ...dns });
  return change(lost(byHost, 'timeout', NAME, `webapp>${server}/dns`), ({ containers }) => ({
    containers: containers.map((one) => (one.name === 'webapp' ? { ...one, dns: [server] } : one)),
  }));
};

describeCause(dnsServerUnreachableFromContainer, {
  recognises: {
    'a resolver on the Docker host, which no L2 container reaches': asks('192.168.0.2'),
    'a resolver whose address no node holds': asks('192.168.0.99'),
  },
  leavesAlone: {
    'a resolver that replies, and has no such name': arriving(asks('192.168.0.2'), 'webapp>192.168.0.2/dns'),
    'a container with Docker’s own choice of resolver': change(asks('192.168.0.2'), ({ containers }) => ({
      containers: containers.map(({ dns: _, ...rest }) => rest),
    })),
    'one of two resolvers that replies': change(asks('192.168.0.2'), ({ containers }) => ({
      containers: containers.map((one) => (one.dns ? { ...one, dns: ['192.168.0.2', '192.168.0.1'] } : one)),
    })),
    'a container that reaches nothing at all': lost(asks('192.168.0.2'), 'timeout', 'webapp>*'),
    'a name that resolves': arriving(asks('192.168.0.2'), '*'),
  },
});
