import { expect } from 'chai';
import { Paths } from '../../../src/path/paths.js';
import { knownFrom } from '../../../src/path/trace.js';
import { change, recorded, type Situation } from '../../diagnosis/situation.js';
import { onBond } from '../../diagnosis/on-bond.js';

/** What stands at the places of a probe's path where the parent has a part. */
function parentTexts(situation: Situation, id: string): readonly string[] {
  const paths = new Paths(knownFrom(situation.facts));
  const probe = situation.probes.find((one) => one.id === id);
  if (!probe) throw new Error(`no probe is called ${id}`);
  const path = paths.ofAny(probe);
  return [...path.forward, ...path.return]
    .filter(({ hop, node }) => node === 'host' && (hop === 'parent' || hop === 'ipvlan'))
    .map(({ text }) => text);
}

describe('a path through a parent that is made of other links', () => {
  it('names a bond with its mode and legs, and goes on through it', () => {
    const bonded = onBond(recorded('l2-healthy'));
    expect(parentTexts(bonded, 'webapp>gateway/icmp')).to.include.members([
      'ipvlan l2 on enp0s3 (active-backup, eth1 + eth2)',
      'enp0s3 (active-backup, eth1 + eth2)',
    ]);
    const probe = bonded.probes.find(({ id }) => id === 'webapp>gateway/icmp');
    expect(probe && new Paths(knownFrom(bonded.facts)).ofAny(probe).verdict.kind).to.equal('arrives');
  });

  it('names a bridge with its ports', () => {
    const bridged = change(onBond(recorded('l2-healthy')), ({ links }) => ({
      links: {
        ...links,
        host: (links['host'] ?? []).map((link) => (link.kind === 'bond' ? { ...link, kind: 'bridge' } : link)),
      },
    }));
    expect(parentTexts(bridged, 'webapp>gateway/icmp')).to.include('enp0s3 (bridge, eth1 + eth2)');
  });

  it('names a plain link by its name alone', () => {
    expect(parentTexts(recorded('l2-healthy'), 'webapp>gateway/icmp')).to.include('enp0s3');
  });
});
