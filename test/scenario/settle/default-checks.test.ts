import { expect } from 'chai';
import { plan } from '../write.js';

const ids = (parts: Parameters<typeof plan>[0]) => plan(parts).checks.map(({ id }) => id);

describe('default checks', () => {
  it('ask from container to siblings, gateway, peer and internet, and from a peer to them', () => {
    const containers = '[{ name: a, network: net }, { name: b, network: net }]';
    expect(ids({ containers })).to.deep.equal([
      'a>b/icmp',
      'a>gateway/icmp',
      'a>laptop/icmp',
      'a>google.com/icmp',
      'b>a/icmp',
      'b>gateway/icmp',
      'b>laptop/icmp',
      'b>google.com/icmp',
      'laptop>a/icmp',
      'laptop>b/icmp',
    ]);
  });

  it('replace an empty list too', () => {
    expect(ids({ checks: '[]' })).to.deep.equal(ids({}));
  });

  it('ask for the internet by address where it has no names, and for no peer where there is none', () => {
    expect(ids({ site: '{ peers: [], internet: { address: 9.9.9.9, names: {} } }' })).to.deep.equal([
      'webapp>gateway/icmp',
      'webapp>internet/icmp',
    ]);
  });

  it('ask nothing that a network has no route to', () => {
    const containers = '[{ name: a, network: net }, { name: b, network: net }]';
    expect(ids({ networks: '[{ name: net, subnets: [10.5.0.0/24] }]', containers })).to.deep.equal([
      'a>b/icmp',
      'b>a/icmp',
    ]);
    const bridge = ids({
      networks: '[{ name: net, driver: bridge, subnets: [10.5.0.0/24] }]',
      containers: '[{ name: a, network: net }]',
    });
    expect(bridge).to.deep.equal(['a>gateway/icmp', 'a>laptop/icmp', 'a>google.com/icmp']);
  });
});
