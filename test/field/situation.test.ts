import { expect } from 'chai';
import fc from 'fast-check';
import { FAULTS } from '../../src/faults/index.js';
import { commandsOf } from '../../src/workflows/run/fault-commands.js';
import { CATALOGUE } from './catalogue.js';
import { FREE_FORM } from './free-form.js';
import { planOf, situation, type Situation } from './situation.js';

const which = fc.record({ seed: fc.stringMatching(/^[0-9a-z]{1,6}$/), number: fc.integer({ min: 1, max: 500 }) });

/** The first situations of a seed. */
const MANY: readonly Situation[] = Array.from({ length: 400 }, (_, at) => situation({ seed: 'many', number: at + 1 }));

describe('a random situation', () => {
  it('is the same for the same seed and number', () => {
    fc.assert(
      fc.property(which, (one) => {
        expect(situation(one).text).to.equal(situation(one).text);
      }),
      { numRuns: 30 },
    );
  });

  it('differs from others', () => {
    expect(new Set(MANY.map(({ text }) => text)).size).to.equal(MANY.length);
    expect(situation({ seed: '1', number: 1 }).setting).not.to.deep.equal(situation({ seed: '2', number: 1 }).setting);
  });

  it('is a valid scenario file in which each fault has something to break', () => {
    fc.assert(
      fc.property(which, (one) => {
        const { text, id, broken } = situation(one);
        const plan = planOf(text, id);
        const faults = plan.faults.map((fault) => (fault.kind === 'catalogue' ? fault.fault : ''));
        expect(faults).to.include.members(broken.flatMap(({ name, freeForm }) => (freeForm ? [] : [name])));
        expect(faults.length).to.be.at.least(broken.length);
        expect(commandsOf(plan).length).to.be.at.least(faults.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is free-form at least each fifth time, however many there are', () => {
    for (let count = 1; count <= MANY.length; count++) {
      const odd = MANY.slice(0, count).filter(({ broken }) => broken.some(({ freeForm }) => freeForm));
      expect(odd.length).to.be.at.least(count / 5);
    }
  });

  it('is of every kind there is', () => {
    const seen = new Set(MANY.flatMap(({ broken }) => broken.map(({ name }) => name)));
    const never = [...CATALOGUE, ...FREE_FORM].filter(({ name }) => !seen.has(name)).map(({ name }) => name);
    // Few networks are on a VLAN or have both families: some of their faults come later.
    expect(never.length).to.be.at.most(4);
    const some = (fits: (one: Situation) => boolean) => expect(MANY.filter(fits).length).to.be.greaterThan(10);
    some(({ broken }) => broken.length === 0);
    some(({ broken }) => broken.length === 2);
    some(({ setting }) => setting.six);
    some(({ setting }) => setting.vlan !== undefined);
    some(({ setting }) => setting.mode === 'macvlan');
    some(({ setting }) => (setting.networks[0]?.subnets.length ?? 0) > 1);
    some(({ noise }) => noise.length > 1);
  });

  it('never has two faults that change the same thing', () => {
    for (const { broken } of MANY) {
      const touched = broken.flatMap(({ touches }) => touches);
      expect(new Set(touched).size).to.equal(touched.length);
    }
  });
});

describe('what is broken at random', () => {
  it('is in the catalogue, or in no catalogue', () => {
    expect(CATALOGUE.filter(({ name }) => !FAULTS.has(name)).map(({ name }) => name)).to.deep.equal([]);
    expect(FREE_FORM.filter(({ name }) => FAULTS.has(name)).map(({ name }) => name)).to.deep.equal([]);
  });

  it('is every fault of the catalogue but those that are noise, or that need an assumed cloud or a service of their own', () => {
    const never = [...FAULTS.keys()].filter((id) => !CATALOGUE.some(({ name }) => name === id));
    expect(never).to.have.members([
      'cloud-route-table-missing',
      'cloud-secondary-ip-not-assigned',
      'cloud-source-dest-check',
      'security-group-or-nacl',
      'reply-from-another-machine',
      // These need a container that is a router or has a bridge inside, or a VPN's rules, which no situation has.
      'container-router-drops-forwarded',
      'policy-rule-before-main',
      'unknown-mac-behind-container',
      // No situation has a bond, or a service that looks at who asks.
      'parent-is-bond-with-dead-leg',
      'service-answers-own-subnet-only',
      // No situation asks over multicast.
      'multicast-snooping-drops-solicitations',
      // Without a bridge these break nothing: they are noise.
      'host-forward-policy-drop',
      'host-ip-forward-off',
      'host-rp-filter',
    ]);
  });
});
