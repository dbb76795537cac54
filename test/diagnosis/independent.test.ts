import { expect } from 'chai';
import { leftOut, leftOutText } from '../../src/diagnosis/independent.js';
import type { Failure, ProbeResult } from '../../src/evidence/evidence.js';
import type { NodeFact } from '../../src/evidence/facts.js';
import type { Over } from '../../src/scenario/plan.js';

const NODES: readonly NodeFact[] = [
  { name: 'webapp', kind: 'container', addresses: ['192.168.10.10'] },
  { name: 'host', kind: 'host', addresses: ['192.168.0.2'] },
  { name: 'internet', kind: 'internet', addresses: ['8.8.8.8', '1.1.1.1'] },
];
const OVERS: readonly Over[] = [{ protocol: 'icmp' }, { protocol: 'tcp', port: 443 }, { protocol: 'dns' }];

/** What both ask by default: two public addresses by three protocols. `arrives` says which are answered. */
const asked = (arrives: (from: string, address: string, protocol: string) => boolean): readonly ProbeResult[] =>
  ['webapp', 'host'].flatMap((from) =>
    ['8.8.8.8', '1.1.1.1'].flatMap((address) =>
      OVERS.map((over): ProbeResult => ({
        ...{ id: `${from}>${address}/${over.protocol}`, from, over, purpose: 'check', command: '', tag: undefined },
        to: { label: address, node: 'internet', name: undefined, address },
        outcome: {
          ...{ kind: 'attempts', sent: 1, roundTripMs: undefined, ttl: undefined, failure: undefined },
          ...{ arrived: arrives(from, address, over.protocol) ? 1 : 0, said: [], answers: [] },
        },
      })),
    ),
  );

const idsOf = (probes: readonly ProbeResult[], wanted?: { readonly usual: boolean }) =>
  leftOut(probes, NODES, wanted ?? { usual: true }).map(({ probe }) => probe.id);

describe('a test target that says nothing about a container', () => {
  it('is one that does not reply to the host either, where another one replies to the container', () => {
    expect(idsOf(asked((_, address, over) => !(address === '8.8.8.8' && over === 'icmp')))).to.deep.equal([
      'webapp>8.8.8.8/icmp',
    ]);
  });

  it('is every one that a network filters for the host too, which reaches it over another protocol', () => {
    expect(idsOf(asked((_, __, over) => over !== 'dns'))).to.deep.equal(['webapp>8.8.8.8/dns', 'webapp>1.1.1.1/dns']);
  });

  it('is such a target also where nothing else of the container arrives', () => {
    expect(idsOf(asked((from, _, over) => from === 'host' && over !== 'dns'))).to.deep.equal([
      'webapp>8.8.8.8/dns',
      'webapp>1.1.1.1/dns',
    ]);
  });

  it('is none that the host reaches', () => {
    expect(idsOf(asked((from, _, over) => from === 'host' || over !== 'dns'))).to.deep.equal([]);
  });

  it('is none where the host reaches nothing', () => {
    expect(idsOf(asked(() => false))).to.deep.equal([]);
  });

  it('is none that the user asked about, where no other one replies', () => {
    expect(
      idsOf(
        asked((_, __, over) => over !== 'tcp'),
        { usual: false },
      ),
    ).to.deep.equal([]);
  });

  describe('is a name', () => {
    const lookups = (failures: Readonly<Record<string, Failure>>): readonly ProbeResult[] =>
      Object.entries(failures).map(([from, failure]) => ({
        ...{
          id: `${from}>google.com/dns`,
          from,
          over: { protocol: 'dns' },
          purpose: 'check',
          command: '',
          tag: undefined,
        },
        to: { label: 'google.com', node: 'internet', name: 'google.com', address: '8.8.8.8' },
        outcome: {
          ...{ kind: 'attempts', sent: 1, arrived: 0, roundTripMs: undefined, ttl: undefined, failure },
          ...{ said: [], answers: [] },
        },
      }));
    const all = asked(() => true);
    const unresolved = lookups({ webapp: 'not-resolved', host: 'not-resolved' });

    it('that is resolved for neither, where a server answers the container', () => {
      const [only] = leftOut([...all, ...unresolved], NODES, { usual: true });
      expect(only?.probe.id).to.equal('webapp>google.com/dns');
      expect(only && leftOutText(only)).to.equal(
        'google.com is not resolved for this host either, and 8.8.8.8 answers lookups: it is left out.',
      );
    });

    it('but none without a reply, or that the host resolves, or where no server answers, or that the user asked for', () => {
      expect(idsOf([...all, ...lookups({ webapp: 'timeout', host: 'not-resolved' })])).to.deep.equal([]);
      expect(idsOf([...all, ...lookups({ webapp: 'not-resolved' })])).to.deep.equal([]);
      const none = asked((from, _, over) => from === 'host' || over !== 'dns');
      expect(idsOf([...none, ...unresolved])).to.deep.equal([]);
      expect(idsOf([...all, ...unresolved], { usual: false })).to.deep.equal([]);
    });
  });
});
