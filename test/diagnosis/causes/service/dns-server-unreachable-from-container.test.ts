import { dnsServerUnreachableFromContainer } from '../../../../src/diagnosis/causes/service/dns-server-unreachable-from-container.js';
import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import type { DnsServer } from '../../../../src/evidence/facts.js';
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

/** With the DNS servers that `diagnose` read from the container's own file, of which it asked each. */
const reads = (resolvers: readonly DnsServer[], situation = asks('192.168.0.99')): Situation =>
  change(situation, ({ containers }) => ({
    containers: containers.map(({ dns: _, ...one }) => (one.name === 'webapp' ? { ...one, resolvers } : one)),
  }));
const server = (address: string, rest: Partial<DnsServer> = {}): DnsServer => ({
  ...{ address, askedFrom: 'container', source: 'host' },
  ...rest,
});
const DEAD = server('192.168.0.99');
/** The second of its servers, which is asked as the first is, and answers. */
const second = arriving(
  alsoAsked(asks('192.168.0.99'), 'webapp>gateway/icmp', {
    ...{ id: 'webapp>192.168.0.1/dns', over: { protocol: 'dns' }, tag: undefined },
    to: { label: '192.168.0.1', node: 'gateway', name: undefined, address: '192.168.0.1' },
  }),
  'webapp>192.168.0.1/dns',
);
const byHost = lost(asks('192.168.0.99'), 'timeout', 'host>192.168.0.99/dns');

describeCause(dnsServerUnreachableFromContainer, {
  recognises: {
    'a resolver on the Docker host, which no L2 container reaches': asks('192.168.0.2'),
    'a resolver whose address no node holds': asks('192.168.0.99'),
    'a server that Docker took from the host': reads([DEAD]),
    'a server that Docker asks from the host, which gets no answer': reads([{ ...DEAD, askedFrom: 'host' }], byHost),
    'the first of two servers, for which its resolver waits': reads([DEAD, server('192.168.0.1')], second),
  },
  leavesAlone: {
    'a resolver that replies, and has no such name': arriving(asks('192.168.0.2'), 'webapp>192.168.0.2/dns'),
    'a container with Docker’s own choice of resolver': change(asks('192.168.0.2'), ({ containers }) => ({
      containers: containers.map(({ dns: _, ...rest }) => rest),
    })),
    'a server that Docker asks from the host, which gets an answer': reads([{ ...DEAD, askedFrom: 'host' }]),
    'the second of two servers, the first of which answers': reads([server('192.168.0.1'), DEAD], second),
    'a name that the second of two servers does not know': reads(
      [DEAD, server('192.168.0.1')],
      lost(second, 'not-resolved', NAME),
    ),
    'one of two resolvers that was not asked': change(asks('192.168.0.2'), ({ containers }) => ({
      containers: containers.map((one) => (one.dns ? { ...one, dns: ['192.168.0.2', '192.168.0.1'] } : one)),
    })),
    'a container that reaches nothing at all': lost(asks('192.168.0.2'), 'timeout', 'webapp>*'),
    'a name that resolves': arriving(asks('192.168.0.2'), '*'),
  },
});

describe('a DNS server that does not answer', () => {
  const told = (situation: Situation) => {
    const [found] = diagnose(situation, [dnsServerUnreachableFromContainer]).found;
    return [found?.ruling.confidence, found?.explanation];
  };

  it('is named with where it was taken from', () => {
    expect(told(reads([DEAD]))).to.deep.equal([
      'certain',
      'webapp (192.168.0.100) cannot resolve google.com: its DNS server 192.168.0.99 does not answer it, and Docker took it from /etc/resolv.conf of the host.',
    ]);
    expect(told(reads([server('192.168.0.99', { source: 'systemd-resolved' })]))[1]).to.match(/systemd-resolved/);
  });

  it('is only likely the cause where another one answers', () => {
    expect(told(reads([DEAD, server('192.168.0.1')], second))[0]).to.equal('likely');
  });

  it('is named as the container that it is', () => {
    const isContainer = change(reads([DEAD]), ({ nodes }) => ({
      nodes: nodes.map((node) => (node.name === 'database' ? { ...node, addresses: ['192.168.0.99'] } : node)),
    }));
    expect(told(isContainer)[1]).to.match(
      /its DNS server 192\.168\.0\.99 \(the container database\) does not answer it/,
    );
  });

  it('is explained by nothing else', () => {
    const dead = [
      reads([DEAD]),
      reads([DEAD], byHost),
      reads([{ ...DEAD, askedFrom: 'host' }], byHost),
      reads([DEAD, server('192.168.0.1')], second),
    ];
    for (const situation of dead)
      expect(diagnose(situation).found.map(({ cause }) => cause.id)).to.deep.equal([
        'dns-server-unreachable-from-container',
      ]);
  });
});
