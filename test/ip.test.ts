import { expect } from 'chai';
import {
  addressAt,
  bare,
  contains,
  familyOf,
  hostAddresses,
  isAddress,
  isHostAddress,
  isSubnet,
  overlap,
  sameAddress,
  subnetOf,
} from '../src/ip.js';

describe('subnet arithmetic', () => {
  it('tells addresses and subnets of both families from everything else', () => {
    expect(['10.0.0.1', 'fd00::1', '10.0.0.1/8', '10.0.0', 'google.com', ''].map(isAddress)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(['10.0.0.0/8', 'fd00::/64', '10.0.0.0', '10.0.0.0/33', 'fd00::/129'].map(isSubnet)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['10.0.0.1', 'fd00::/64', 'x'].map(familyOf)).to.deep.equal([4, 6, undefined]);
  });

  it('takes an address with prefix length apart', () => {
    expect(bare('192.168.0.2/24')).to.equal('192.168.0.2');
    expect(bare('FD00:0:0::0002/64')).to.equal('fd00::2');
    expect(subnetOf('192.168.0.2/24')).to.equal('192.168.0.0/24');
  });

  it('says what lies inside what, never across families', () => {
    expect(contains('10.0.0.0/8', '10.1.2.3')).to.equal(true);
    expect(contains('10.1.0.0/16', '10.0.0.0/8')).to.equal(false);
    expect(overlap('10.1.0.0/16', '10.0.0.0/8')).to.equal(true);
    expect(overlap('10.0.0.0/25', '10.0.0.128/25')).to.equal(false);
    expect(contains('0.0.0.0/0', 'fd00::1')).to.equal(false);
  });

  it('counts addresses across byte borders', () => {
    expect(addressAt('10.0.0.0/16', 256)).to.equal('10.0.1.0');
    expect(addressAt('fd00::/64', 65536)).to.equal('fd00::1:0');
  });

  it('knows the same address in two spellings', () => {
    expect(sameAddress('fd00::1', 'FD00:0:0:0::1/64')).to.equal(true);
    expect(sameAddress('10.0.0.1', '10.0.0.2')).to.equal(false);
  });

  for (const [subnet, usable] of [
    ['10.0.0.0/30', ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.0/31', ['10.0.0.0', '10.0.0.1']],
    ['10.0.0.5/32', ['10.0.0.5']],
    ['255.255.255.252/30', ['255.255.255.253', '255.255.255.254']],
    ['fd00::/126', ['fd00::1', 'fd00::2', 'fd00::3']],
    ['fd00::/127', ['fd00::', 'fd00::1']],
  ] as const) {
    it(`leaves machines ${usable.length} addresses in ${subnet}`, () => {
      expect([...hostAddresses(subnet)]).to.deep.equal(usable);
    });
  }

  it('refuses a machine the network and broadcast addresses, and what lies outside', () => {
    expect(
      ['10.0.0.0', '10.0.0.255', '10.0.1.1', 'fd00::1'].map((address) => isHostAddress('10.0.0.0/24', address)),
    ).to.deep.equal([false, false, false, false]);
    expect(isHostAddress('10.0.0.0/24', '10.0.0.254')).to.equal(true);
  });
});
