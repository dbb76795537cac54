import { expect } from 'chai';
import fc from 'fast-check';
import type { NetworkFact } from '../../../src/evidence/facts.js';
import { pathsOf } from '../../../src/path/trace.js';
import { change, recorded, withFirewall, type Situation } from '../../diagnosis/situation.js';

/** A healthy site with its containers, and their links, on a network of another kind. */
function withNetwork(situation: Situation, to: Partial<Pick<NetworkFact, 'driver' | 'mode' | 'flag'>>): Situation {
  const { driver, ...rest } = to;
  return change(situation, ({ networks, links }) => ({
    networks: networks.map((network) => ({ ...network, ...to })),
    links: Object.fromEntries(
      Object.entries(links).map(([node, own]) => [
        node,
        own.map((link) => (link.kind === 'ipvlan' ? { ...link, ...rest, kind: driver ?? link.kind } : link)),
      ]),
    ),
  }));
}

const L3 = recorded('article-second-attempt');
const L2 = recorded('l2-healthy');

/** Healthy sites by kind, with the hooks of the host that their packets never cross. */
const SITES = {
  'IPvlan L2': { site: L2, bypasses: ['output', 'forward', 'input', 'prerouting', 'postrouting'] },
  macvlan: {
    site: withNetwork(L2, { driver: 'macvlan', mode: 'bridge' }),
    bypasses: ['output', 'forward', 'input', 'prerouting', 'postrouting'],
  },
  'IPvlan L3': { site: L3, bypasses: ['forward', 'input', 'prerouting'] },
  'IPvlan L3S': { site: withNetwork(L3, { mode: 'l3s' }), bypasses: ['forward'] },
} as const;

/** Flows a container takes part in, and the host does not: its own packets cross its own hooks. */
const concerned = (site: Situation) =>
  pathsOf(site).filter(({ id }) => !/\bhost\b/.test(id) && /webapp|database/.test(id));

describe('a predicted path', () => {
  for (const [name, { site, bypasses }] of Object.entries(SITES)) {
    it(`goes forward and returns in a healthy site, by ${name}`, () => {
      const paths = concerned(site);
      expect(paths).to.not.be.empty;
      for (const { id, forward, return: returned } of paths) {
        expect(
          [...forward, ...returned].filter(({ predicted }) => predicted.verdict !== 'passes'),
          id,
        ).to.deep.equal([]);
        expect(returned, `the way returned of ${id}`).to.not.be.empty;
      }
    });

    it(`is never blocked at a hook that ${name} bypasses`, () => {
      const hook = fc.constantFrom(...bypasses);
      const chains = fc.uniqueArray(fc.record({ hook, policy: fc.constantFrom('drop', 'accept') }), {
        selector: ({ hook: one }) => one,
        maxLength: 5,
      });
      const rules = fc.array(fc.constantFrom('drop', 'counter drop', 'ip saddr 192.168.0.0/16 drop'), { maxLength: 3 });
      fc.assert(
        fc.property(chains, rules, (some, texts) => {
          const walled = withFirewall(site, 'host', {
            chains: some.map(({ hook: at, policy }) => ({ chain: at, hook: at, policy })),
            rules: some.flatMap(({ hook: at }) => texts.map((text) => ({ chain: at, text, verdict: 'drop' }))),
          });
          return concerned(walled).every(({ forward, return: returned }) =>
            [...forward, ...returned].every(({ predicted }) => predicted.verdict !== 'blocks'),
          );
        }),
        { numRuns: 30 },
      );
    });
  }

  it('is blocked at OUTPUT by IPvlan L3 and L3S, and at INPUT by L3S', () => {
    const walled = (site: Situation, hook: string) =>
      concerned(withFirewall(site, 'host', { chains: [{ chain: hook, hook, policy: 'drop' }] }))
        .filter(({ id }) => !/webapp>database|database>webapp/.test(id))
        .map(
          ({ forward, return: returned }) =>
            [...forward, ...returned].find(({ predicted }) => predicted.verdict === 'blocks')?.hop,
        );
    expect(new Set(walled(SITES['IPvlan L3'].site, 'output'))).to.deep.equal(new Set(['host-output']));
    expect(new Set(walled(SITES['IPvlan L3S'].site, 'output'))).to.deep.equal(new Set(['host-output']));
    expect(new Set(walled(SITES['IPvlan L3S'].site, 'input'))).to.deep.equal(new Set(['host-input']));
  });

  it('keeps siblings apart with flag private, and them alone', () => {
    const paths = concerned(withNetwork(L2, { flag: 'private' }));
    const blocked = paths.filter(({ forward }) => forward.some(({ predicted }) => predicted.verdict === 'blocks'));
    expect(blocked.map(({ id }) => id)).to.not.be.empty;
    expect(blocked.filter(({ id }) => !/^(webapp>database|database>webapp)/.test(id))).to.deep.equal([]);
  });

  it('goes straight from sibling to sibling, without the host, in every mode', () => {
    for (const { site } of Object.values(SITES)) {
      const path = pathsOf(site).find(({ id }) => id === 'webapp>database/icmp');
      expect(path?.forward.map(({ hop }) => hop)).to.include('sibling');
      expect([...(path?.forward ?? []), ...(path?.return ?? [])].filter(({ node }) => node === 'host')).to.deep.equal(
        [],
      );
    }
  });
});
