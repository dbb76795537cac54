import { expect } from 'chai';
import { leftOut } from '../../src/diagnosis/independent.js';
import type { ProbeResult } from '../../src/evidence/evidence.js';
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
});
