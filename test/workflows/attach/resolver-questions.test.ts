import { expect } from 'chai';
import type { ProbeResult } from '../../../src/evidence/evidence.js';
import type { DnsServer, NodeFact } from '../../../src/evidence/facts.js';
import { resolverQuestions, withoutIdleServers } from '../../../src/workflows/attach/resolver-questions.js';

const nodes: readonly NodeFact[] = [
  { name: 'webapp', kind: 'container', addresses: ['192.168.0.100'] },
  { name: 'pihole', kind: 'container', addresses: ['192.168.0.53'] },
  { name: 'host', kind: 'host', addresses: ['192.168.0.2'] },
];
const server = (address: string, askedFrom: DnsServer['askedFrom'] = 'container'): DnsServer => ({
  ...{ address, askedFrom, source: 'host' },
});
const asked = (...resolvers: readonly DnsServer[]) =>
  resolverQuestions({ name: 'webapp', resolvers }, nodes).map(({ from, to, over }) => [
    from,
    to.address,
    to.node ?? '',
    over.protocol,
  ]);

describe('the DNS servers of a container', () => {
  it('are asked from where its resolver asks them, and from the host', () => {
    expect(asked(server('192.168.0.53'))).to.deep.equal([
      ['webapp', '192.168.0.53', 'pihole', 'dns'],
      ['host', '192.168.0.53', 'pihole', 'dns'],
    ]);
    expect(asked(server('127.0.0.53', 'host'))).to.deep.equal([['host', '127.0.0.53', '', 'dns']]);
  });

  it('are not asked by what has no address of their family, or is the server itself', () => {
    expect(asked(server('fd00::53'))).to.deep.equal([]);
    expect(asked(server('192.168.0.2'))).to.deep.equal([['webapp', '192.168.0.2', 'host', 'dns']]);
  });

  const probe = (id: string, arrived: number, name?: string): ProbeResult => ({
    ...{ id, from: 'webapp', over: { protocol: 'dns' }, purpose: 'comparison', command: '', tag: undefined },
    to: { label: id, node: undefined, name, address: '8.8.8.8' },
    outcome: {
      ...{ kind: 'attempts', sent: 1, arrived, roundTripMs: undefined, ttl: undefined },
      ...{ failure: arrived > 0 ? undefined : 'timeout', said: [], answers: [] },
    },
  });
  const kept = (lookup: ProbeResult) =>
    withoutIdleServers([lookup, probe('server', 0), probe('other', 0)], 'webapp', new Set(['server'])).map(
      ({ id }) => id,
    );

  it('count only where a name of the container did not resolve', () => {
    expect(kept(probe('lookup', 0, 'google.com'))).to.deep.equal(['lookup', 'server', 'other']);
    expect(kept(probe('lookup', 1, 'google.com'))).to.deep.equal(['lookup', 'other']);
  });
});
