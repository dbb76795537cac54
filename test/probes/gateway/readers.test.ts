import { expect } from 'chai';
import { filtered } from '../../../src/network/filter.js';
import type { Passing } from '../../../src/network/rule-match.js';
import { sourceNat } from '../../../src/network/source-nat.js';
import { factsOf, LINKS } from './read.js';

for (const [family, [lan, wan, vlan]] of Object.entries(LINKS))
  describe(`what is read of ${family}`, () => {
    const { links, routes, neighbours, firewall, sysctls } = factsOf(family);
    const link = (name: string) => links.find((one) => one.name === name);
    const outward: Passing = {
      source: '192.168.10.10',
      destination: '8.8.8.8',
      inDevice: lan,
      outDevice: wan,
      state: 'new',
      protocol: 'icmp',
    };

    it('has links with addresses, MAC addresses and VLANs', () => {
      expect(link(lan)).to.deep.include({ mac: '52:54:00:aa:00:02', adminUp: true, carrier: true, vlan: undefined });
      expect(link(lan)?.addresses).to.include('192.168.0.1/24');
      expect(link(wan)?.addresses).to.include('203.0.113.2/24');
      expect(link(vlan)).to.deep.include({ kind: 'vlan', vlan: 30, lower: lan, addresses: ['192.168.30.1/24'] });
    });

    it('has routes with the link each leads by', () => {
      const known = routes.map(({ destination, via, device }) => `${destination} ${via ?? '-'} ${device}`);
      expect(known).to.include.members([
        `0.0.0.0/0 203.0.113.1 ${wan}`,
        `192.168.0.0/24 - ${lan}`,
        `192.168.10.0/24 192.168.0.2 ${lan}`,
        `192.168.30.0/24 - ${vlan}`,
      ]);
      expect(routes.some(({ type, destination }) => type === 'local' && destination === '192.168.0.1/32')).to.equal(
        true,
      );
    });

    it('has neighbours, also those that did not reply', () => {
      const state = (address: string) => neighbours.find((one) => one.address === address);
      expect(state('192.168.0.2')).to.deep.include({ mac: '52:54:00:bb:00:02', device: lan });
      if (family !== 'edgeos') expect(state('192.168.0.77')?.mac).to.equal(undefined);
    });

    it('forwards', () => {
      expect(sysctls).to.include({ 'net.ipv4.ip_forward': '1' });
    });

    it('lets the LAN out and translates it, and lets no stranger in', () => {
      expect(filtered(firewall, ['forward'], outward).kind).to.equal('passes');
      expect(sourceNat(firewall, { source: '192.168.10.10', device: wan, destination: '8.8.8.8' }).answer).to.equal(
        'yes',
      );
      const inward: Passing = { source: '8.8.8.8', destination: '192.168.10.10', inDevice: wan, outDevice: lan };
      const closed = family === 'cisco' ? 'passes' : family === 'routeros' ? 'unknown' : 'blocks';
      expect(filtered(firewall, ['forward'], { ...inward, state: 'new', protocol: 'tcp', port: 80 }).kind).to.equal(
        closed,
      );
      expect(filtered(firewall, ['forward'], { ...inward, state: 'established' }).kind).to.equal('passes');
    });
  });
