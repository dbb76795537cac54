import { expect } from 'chai';
import fc from 'fast-check';
import { bare, contains, familyOf, isHostAddress } from '../../../src/ip.js';
import { plan } from '../write.js';

/** A LAN and container networks that do not overlap, in both families, with some containers left to the planner. */
const situations = fc.record({
  lanBits: fc.integer({ min: 26, max: 29 }),
  mode: fc.constantFrom('l2', 'l3', 'l3s'),
  bits: fc.integer({ min: 24, max: 28 }),
  both: fc.boolean(),
  onLan: fc.boolean(),
  fixed: fc.uniqueArray(fc.integer({ min: 4, max: 13 }), { maxLength: 3 }),
  open: fc.integer({ min: 1, max: 3 }),
});

describe('settled addresses of any scenario', () => {
  it('are unique, usable, inside their subnets, and one per family', () => {
    fc.assert(
      fc.property(situations, ({ lanBits, mode, bits, both, onLan, fixed, open }) => {
        const onLink = onLan && mode === 'l2';
        const lan = onLink ? '10.0.0.0/24' : `10.0.0.0/${lanBits}`;
        const four = onLink ? '{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }' : `10.7.0.0/${bits}`;
        const prefix = onLink ? '10.0.0.' : '10.7.0.';
        const containers = [
          ...Array.from({ length: open }, (_, index) => `{ name: open${index}, network: net }`),
          ...fixed.map((place) => `{ name: fixed${place}, network: net, address: ${prefix}${place} }`),
        ];
        const settled = plan({
          site: `{ lan: [${lan}${both ? ', "fd00:1::/64"' : ''}] }`,
          networks: `[{ name: net, mode: ${mode}, parent: enp0s3, subnets: [${four}${both ? ', "fd00:7::/64"' : ''}] }]`,
          containers: `[${containers.join(', ')}]`,
        });
        const { site, networks } = settled;
        const inContainers = settled.containers.flatMap(({ attachments }) =>
          attachments.flatMap(({ addresses }) => addresses),
        );
        const onSite = [site.host, site.gateway, ...site.peers].flatMap(({ addresses }) => addresses);
        const all = [...inContainers, ...onSite.map(bare), ...site.internet.addresses];
        expect(new Set(all).size).to.equal(all.length);
        for (const address of inContainers) {
          expect(
            networks[0]?.subnets.some(({ subnet }) => isHostAddress(subnet, address)),
            address,
          ).to.equal(true);
        }
        for (const address of onSite)
          expect(
            site.lan.some((subnet) => contains(subnet, bare(address))),
            address,
          ).to.equal(true);
        for (const { attachments } of settled.containers) {
          expect(attachments[0]?.addresses.map(familyOf).sort()).to.deep.equal(both ? [4, 6] : [4]);
        }
        expect(new Set([...settled.checks, ...settled.comparisons].map(({ id }) => id)).size).to.equal(
          settled.checks.length + settled.comparisons.length,
        );
      }),
      { numRuns: 60 },
    );
  });
});
