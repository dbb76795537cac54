import { expect } from 'chai';
import { returnRoute, type ReturnRouteLookup } from '../../../src/path/predict/return-route.js';
import { fib, route } from '../fib.js';

describe('the return route of a gateway', () => {
  const lan = route('192.168.0.0/24', { device: 'lan0' });
  const uplink = route('0.0.0.0/0', { via: '203.0.113.254', device: 'wan0' });
  const query = { container: '192.168.10.10', hostAddresses: ['192.168.0.2'], answersArp: false };
  const kind = (routes: Parameters<typeof fib>[0], rest: Partial<ReturnRouteLookup> = {}) =>
    returnRoute(fib(routes), { ...query, ...rest }).kind;

  it('is missing where only the default route matches, or none, or one that forbids', () => {
    expect(kind([lan, uplink])).to.equal('missing');
    expect(kind([lan])).to.equal('missing');
    expect(kind([lan, route('192.168.10.0/24', { type: 'unreachable', device: undefined })])).to.equal('missing');
  });

  it('is right via the host, also as a default route', () => {
    expect(kind([lan, route('192.168.10.0/24', { via: '192.168.0.2', device: 'lan0' })])).to.equal('right');
    expect(kind([lan, route('0.0.0.0/0', { via: '192.168.0.2', device: 'lan0' })])).to.equal('right');
  });

  it('is wrong via any other node, and on-link where containers do not answer ARP', () => {
    expect(kind([lan, route('192.168.10.0/24', { via: '192.168.0.9', device: 'lan0' })])).to.equal('wrong');
    expect(kind([lan, route('192.168.10.0/24', { device: 'lan0' })])).to.equal('wrong');
    expect(kind([lan, route('192.168.10.0/24', { device: 'lan0' })], { answersArp: true })).to.equal('right');
  });

  it('is not to blame for an L3 container with an address of the LAN itself', () => {
    expect(kind([lan, uplink], { container: '192.168.0.100' })).to.equal('same-segment');
  });

  it('does not exist for a container that answers ARP with an address of no segment of the gateway', () => {
    expect(kind([lan, uplink], { answersArp: true })).to.equal('off-segment');
    const vlan = route('192.168.10.0/24', { device: 'lan0.30' });
    expect(kind([lan, vlan, uplink], { answersArp: true })).to.equal('off-segment');
    expect(kind([lan, vlan, uplink], { answersArp: true, segment: ['lan0.30'] })).to.equal('right');
  });

  it('is wrong via another link for a container that answers ARP on the LAN', () => {
    const elsewhere = route('192.168.0.100/32', { device: 'wan0' });
    expect(kind([lan, elsewhere, uplink], { answersArp: true, container: '192.168.0.100' })).to.equal('wrong');
  });

  it('does not matter where the gateway does not reach the host itself', () => {
    expect(kind([uplink])).to.equal('host-unreachable');
  });
});
