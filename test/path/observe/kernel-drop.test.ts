import { expect } from 'chai';
import type { Drop } from '../../../src/evidence/facts.js';
import { pathsOf } from '../../../src/path/trace.js';
import { change, recorded } from '../../diagnosis/situation.js';

const KILLED = recorded('comment-host-kill-switch');
const FLOW = 'webapp>google.com/icmp';
const TAG = KILLED.probes.find(({ id }) => id === FLOW)?.tag;

function kernelOf(situation: typeof KILLED, id = FLOW) {
  return pathsOf(situation).find((path) => path.id === id)?.end?.kernel;
}

function counting(...drops: readonly Partial<Drop>[]): typeof KILLED {
  const usual: Drop = { reason: 'NETFILTER_DROP', location: 'nft_do_chain', family: 4, tag: undefined, packets: 5 };
  return change(KILLED, () => ({ drops: { host: drops.map((drop) => ({ ...usual, ...drop })) } }));
}

describe('what the kernel says of the end of a path', () => {
  it('is the probe’s own packets where the kernel saw its process send them', () => {
    for (const { id, forward, end } of pathsOf(KILLED).filter(({ end }) => end !== undefined)) {
      expect([id, forward.length > 0, end?.hop]).to.deep.equal([id, true, 'host-output']);
      expect(end?.kernel).to.include({
        reason: 'NETFILTER_DROP',
        location: 'nft_do_chain [nf_tables]',
        whose: 'probe',
      });
    }
  });

  it('belongs to an unknown process where it happened in an interrupt: a neighbour that never answered', () => {
    const kernel = kernelOf(recorded('l3-host-default-route-lost'));
    expect(kernel).to.include({ reason: 'NEIGH_FAILED', location: 'neigh_invalidate', whose: 'unknown' });
  });

  it('prefers what is the probe’s own, however few', () => {
    const kernel = kernelOf(counting({ packets: 90 }, { tag: TAG, packets: 1 }));
    expect(kernel).to.include({ packets: 1, whose: 'probe' });
  });

  for (const [title, drop] of Object.entries({
    'fewer packets than the probe lost': { packets: 4 },
    'another probe’s packets': { tag: (TAG ?? 0) + 1 },
    'a reason that does not fit the hop': { reason: 'NEIGH_FAILED', tag: TAG },
    'packets of the other family': { family: 6 as const },
  }))
    it(`is nothing where it counted ${title}`, () => expect(kernelOf(counting(drop))).to.equal(undefined));

  it('is absent where drops were not counted, and for what arrives', () => {
    expect(kernelOf(change(KILLED, () => ({ drops: {} })))).to.equal(undefined);
    expect(kernelOf(KILLED, 'webapp>gateway/icmp')).to.equal(undefined);
  });
});
