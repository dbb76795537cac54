import { expect } from 'chai';
import { describeAccepted, describeRefusals } from '../describe-refusals.js';
import { plan } from '../write.js';

describe('settling the site', () => {
  it("is the article's when the file states none", () => {
    expect(plan({}).site).to.deep.equal({
      lan: ['192.168.0.0/24'],
      host: { interface: 'enp0s3', addresses: ['192.168.0.2/24'] },
      gateway: {
        addresses: ['192.168.0.1/24'],
        routes: [{ to: '192.168.10.0/24', via: '192.168.0.2' }],
        masquerades: ['192.168.0.0/24', '192.168.10.0/24'],
      },
      peers: [{ name: 'laptop', addresses: ['192.168.0.50/24'] }],
      internet: { addresses: ['8.8.8.8', '1.1.1.1'], names: { 'google.com': ['8.8.8.8'] } },
      resolver: '192.168.0.1',
      vlans: [],
    });
  });

  it('derives what is left out from the LAN', () => {
    const { site } = plan({ site: '{ lan: 10.1.0.0/16, gateway: { address: 10.1.255.254 } }' });
    expect(site.host.addresses).to.deep.equal(['10.1.0.2/16']);
    expect(site.gateway.addresses).to.deep.equal(['10.1.255.254/16']);
    expect(site.peers).to.deep.equal([{ name: 'laptop', addresses: ['10.1.0.50/16'] }]);
    expect(site.resolver).to.equal('10.1.255.254');
    expect(site.gateway.routes).to.deep.equal([{ to: '192.168.10.0/24', via: '10.1.0.2' }]);
  });

  it('gives every node an address in both families of a LAN that has both', () => {
    const { site } = plan({
      site: '{ lan: [192.168.0.0/24, "fd00:1::/64"], host: { address: "FD00:1::0002" } }',
      networks: '[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.10.0/24, "fd00:10::/64"] }]',
    });
    expect(site.host.addresses).to.have.members(['192.168.0.2/24', 'fd00:1::2/64']);
    expect(site.peers[0]?.addresses).to.deep.equal(['192.168.0.50/24', 'fd00:1::32/64']);
    expect(site.internet.names['google.com']).to.deep.equal(['8.8.8.8', '2001:4860:4860::8888']);
    expect(site.gateway.routes).to.deep.equal([
      { to: '192.168.10.0/24', via: '192.168.0.2' },
      { to: 'fd00:10::/64', via: 'fd00:1::2' },
    ]);
    expect(site.gateway.masquerades).to.deep.equal(['192.168.0.0/24', '192.168.10.0/24']);
  });

  it('takes an empty list at its word', () => {
    const { site } = plan({ site: '{ gateway: { routes: [], masquerades: [] }, peers: [] }' });
    expect(site.gateway).to.include.keys('routes').and.to.deep.include({ routes: [], masquerades: [] });
    expect(site.peers).to.deep.equal([]);
  });

  it('has no peer of its own where the LAN is too small for one', () => {
    expect(plan({ site: '{ lan: 192.168.0.0/29 }' }).site.peers).to.deep.equal([]);
  });

  it('adds the public addresses of names to those the internet owns', () => {
    const { internet } = plan({
      site: '{ internet: { address: 9.9.9.9, names: { example.org: 93.184.215.14, nas.lan: 192.168.0.50 } } }',
    }).site;
    expect(internet.addresses).to.deep.equal(['9.9.9.9', '93.184.215.14']);
  });

  it('leaves out of the NAT set what another subnet of it contains', () => {
    const { gateway } = plan({
      site: '{ gateway: { masquerades: [192.168.0.0/16, 192.168.10.0/24, 192.168.0.0/16] } }',
    }).site;
    expect(gateway.masquerades).to.deep.equal(['192.168.0.0/16']);
  });

  it('gives the gateway the first address on each VLAN', () => {
    const { vlans } = plan({ site: '{ vlans: [{ id: 30, subnet: 192.168.30.0/24 }] }' }).site;
    expect(vlans).to.deep.equal([{ id: 30, subnets: ['192.168.30.0/24'], gateways: ['192.168.30.1/24'] }]);
  });

  it('has an interface that is a bond or a bridge where the file says so', () => {
    const parentOf = (parent: string) => plan({ site: `{ host: { parent: ${parent} } }` }).site.host.parent;
    expect(parentOf('{ bond: {} }')).to.deep.equal({ kind: 'bond', mode: 'active-backup', legs: ['eth1', 'eth2'] });
    expect(parentOf('{ bond: { mode: 802.3ad, legs: 3 } }')).to.deep.include({
      mode: '802.3ad',
      legs: ['eth1', 'eth2', 'eth3'],
    });
    expect(parentOf('{ bridge: { snooping: false } }')).to.deep.equal({
      ...{ kind: 'bridge', stp: false, snooping: false, legs: ['eth1'] },
    });
    expect(plan({}).site.host).to.not.have.property('parent');
  });

  describeRefusals({
    'a bond of a mode there is not': [
      { site: '{ host: { parent: { bond: { mode: broadcast } } } }' },
      'site.host.parent',
    ],
    'a bond that has the name of one of its legs': [
      { site: '{ host: { interface: eth1, parent: { bond: {} } } }', networks: '[]', containers: '[]' },
      'eth1 is a leg of the bond. Give the bond another name, such as bond1.',
    ],
    'an interface that is a bond and a bridge': [
      { site: '{ host: { parent: { bond: {}, bridge: {} } } }' },
      'site.host.parent',
    ],
    'a host outside the LAN': [
      { site: '{ host: { address: 10.0.0.2 } }' },
      ':5:26: 10.0.0.2 of the host is no usable address of 192.168.0.0/24.',
    ],
    'the broadcast address': [{ site: '{ host: { address: 192.168.0.255 } }' }, 'no usable address'],
    'a peer with the address of the host': [
      { site: '{ peers: [{ name: nas, address: 192.168.0.2 }] }' },
      '192.168.0.2 already belongs to the host. Give nas another address.',
    ],
    'a host where the gateway would be': [
      { site: '{ host: { address: 192.168.0.1 } }' },
      '192.168.0.1 already belongs to the gateway.',
    ],
    'a peer called like a fixed node': [
      { site: '{ peers: [{ name: gateway }] }' },
      'The name gateway is taken by the site\'s node "gateway".',
    ],
    'two peers of one name': [
      { site: '{ peers: [{ name: nas }, { name: nas }] }' },
      'The name nas is taken by another peer.',
    ],
    'a LAN on the segment between gateway and internet': [
      { site: '{ lan: 203.0.113.0/25 }' },
      'overlaps 203.0.113.0/24 of the segment between gateway and internet',
    ],
    'a VLAN that overlaps the LAN': [
      { site: '{ vlans: [{ id: 30, subnet: 192.168.0.128/25 }] }' },
      '192.168.0.128/25 of VLAN 30 overlaps 192.168.0.0/24 of the LAN.',
    ],
    'a VLAN that stands there twice': [
      { site: '{ vlans: [{ id: 30, subnet: 10.3.0.0/24 }, { id: 30, subnet: 10.4.0.0/24 }] }' },
      'VLAN 30 is listed twice.',
    ],
    'a public address on the LAN': [
      { site: '{ internet: { address: 192.168.0.9 } }' },
      '192.168.0.9 of the internet lies inside the site.',
    ],
    'a next hop the gateway cannot reach': [
      { site: '{ gateway: { routes: [{ to: 192.168.10.0/24, via: 10.0.0.1 }] } }' },
      'The gateway cannot reach 10.0.0.1 directly',
    ],
    'a next hop of the other family': [
      { site: '{ gateway: { routes: [{ to: 192.168.10.0/24, via: "fd00::1" }] } }' },
      'needs a next hop of its own family, not fd00::1.',
    ],
  });

  describeAccepted({
    'a route to a next hop no node has, which is a fault worth diagnosing': {
      site: '{ gateway: { routes: [{ to: 192.168.10.0/24, via: 192.168.0.99 }] } }',
    },
    'a peer at the default place of no other': {
      site: '{ peers: [{ name: nas }, { name: printer, address: 192.168.0.9 }] }',
    },
  });
});
