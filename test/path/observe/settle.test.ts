import { expect } from 'chai';
import type { Facts, Link } from '../../../src/evidence/facts.js';
import { settled } from '../../../src/path/observe/settle.js';
import { PASSES, unknown, type OpenQuestion, type PredictedHop } from '../../../src/path/predict/leg.js';
import { knownFrom } from '../../../src/path/trace.js';

const reason = {
  kind: 'address-conflict',
  address: '10.0.0.9',
  meant: 'webapp',
  holder: 'printer',
  sender: 'laptop',
} as const;
const whichHolder: OpenQuestion = {
  ...{ kind: 'which-holder', sender: 'laptop', address: '10.0.0.9', mac: 'other', ownMac: 'own' },
  reason,
};
const hop = (rest: Partial<PredictedHop> = {}): PredictedHop => ({
  ...{ hop: 'lan', node: 'laptop', text: 'eth0', predicted: PASSES },
  ...rest,
});
const neighbour = (mac: string | undefined, state: string): Partial<Facts> => ({
  neighbours: { laptop: [{ address: '10.0.0.9', device: 'eth0', mac, state }] },
});
const settle = (facts: Partial<Facts>, one: PredictedHop) => settled(knownFrom(facts), [one]);
const ends = (facts: Partial<Facts>, open: OpenQuestion) =>
  settle(facts, hop({ open })).map(({ predicted, wrongMac }) => [predicted, wrongMac]);

describe('what the configuration leaves open', () => {
  it('is left out where no observation tells', () => {
    const stale: OpenQuestion = { kind: 'stale-neighbour', node: 'laptop', address: '10.0.0.9' };
    expect(ends({}, whichHolder)).to.deep.equal([]);
    expect(ends({}, stale)).to.deep.equal([]);
    expect(ends({}, { kind: 'vlan-unanswered', vlan: 30, links: [] })).to.deep.equal([]);
  });

  it('blocks where the sender has learned the MAC address of another holder', () => {
    expect(ends(neighbour('other', 'REACHABLE'), whichHolder)).to.deep.equal([
      [{ verdict: 'blocks', reason }, 'other'],
    ]);
    expect(ends(neighbour('own', 'REACHABLE'), whichHolder)).to.deep.equal([]);
  });

  it('blocks where a neighbour entry has a MAC address of no link, and not where a link has it', () => {
    const open: OpenQuestion = { kind: 'stale-neighbour', node: 'laptop', address: '10.0.0.9' };
    const stale = { kind: 'stale-neighbour', node: 'laptop', address: '10.0.0.9', mac: 'gone' };
    const facts = neighbour('gone', 'STALE');
    expect(ends(facts, open)).to.deep.equal([[{ verdict: 'blocks', reason: stale }, 'gone']]);
    expect(
      ends({ ...facts, links: { webapp: [{ name: 'eth0', mac: 'gone', addresses: [] } as unknown as Link] } }, open),
    ).to.deep.equal([]);
  });

  it('stays a reply that a container takes, until the host has learned the MAC address all the same', () => {
    const open: OpenQuestion = { kind: 'not-learned', node: 'laptop', address: '10.0.0.9' };
    expect(settle(neighbour(undefined, 'FAILED'), hop({ open }))).to.have.length(1);
    expect(settle(neighbour('own', 'REACHABLE'), hop({ open }))).to.deep.equal([]);
  });
});

describe('an address whose holder is not known', () => {
  const missing = { kind: 'holder', address: '10.0.0.9', as: 'target' } as const;

  it('is held by none where its ARP request went unanswered', () => {
    const [failed] = settle(neighbour(undefined, 'FAILED'), hop({ predicted: unknown(missing) }));
    expect(failed?.predicted).to.deep.include({ verdict: 'blocks' });
    const [open] = settle({}, hop({ predicted: unknown(missing) }));
    expect(open?.predicted).to.deep.equal({ verdict: 'unknown', missing });
  });
});
