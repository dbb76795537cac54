import { expect } from 'chai';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { mutated, mutation } from '../../replay/mutate.js';
import { readCompose, withLan } from './compose.js';

const VALID = `
name: example
${withLan(`  mac: { driver: macvlan, driver_opts: { parent: eth1 }, ipam: { config: [{ subnet: 10.1.0.0/24, ip_range: 10.1.0.128/25 }] } }
  other: { external: true, name: there }
  plain:
services:
  web: { ports: ["80:80"], networks: { lan: { ipv4_address: 192.168.0.9 }, mac: { mac_address: "02:00:00:00:00:01" } } }
  db: { networks: [lan, plain], mac_address: }
  cache: { network_mode: host, image: "\${IMAGE:-redis}" }
`)}`;

describe('a mangled compose file', () => {
  it('is valid before it is mangled', () => {
    expect(readCompose(VALID)).to.have.property('networks').with.length(2);
  });

  it('is read, or rejected with a place', () => {
    const value = parse(VALID) as unknown;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const read = readCompose(stringify(mutations.reduce(mutated, value), { aliasDuplicateObjects: false }));
        if (!('lines' in read)) return;
        expect(read.error.code).to.equal('SCENARIO_INVALID');
        expect(read.error.exitCode).to.equal(2);
        for (const line of read.lines) expect(line).to.match(/^compose\.yaml:\d+:\d+: ./);
      }),
      { numRuns: 400 },
    );
  }).timeout(60_000);
});
