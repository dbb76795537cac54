import { expect } from 'chai';
import fc from 'fast-check';
import { contains, prefixLength } from '../../src/ip.js';
import { lookup, pinnedLookup } from '../../src/network/fib.js';
import { fib, route, rule } from '../path/fib.js';

describe('route lookup', () => {
  const lan = route('192.168.0.0/24');
  const byDefault = route('0.0.0.0/0', { via: '192.168.0.1' });

  it('prefers the more specific route over a lower metric', () => {
    const narrow = route('10.1.0.0/16', { via: '192.168.0.9', metric: 900 });
    const answer = lookup(fib([byDefault, route('10.0.0.0/8', { via: '192.168.0.8' }), narrow]), {
      destination: '10.1.2.3',
    });
    expect(answer).to.deep.equal({ kind: 'via', gateway: '192.168.0.9', device: 'eth0', route: narrow });
  });

  it('prefers the lower metric among equals', () => {
    const worse = route('0.0.0.0/0', { via: '192.168.0.7', metric: 600 });
    expect(lookup(fib([worse, byDefault]), { destination: '8.8.8.8' })).to.include({ gateway: '192.168.0.1' });
  });

  it('finds nothing where nothing matches, and says what forbids', () => {
    expect(lookup(fib([lan]), { destination: '8.8.8.8' })).to.deep.equal({ kind: 'none' });
    const forbidden = route('8.8.8.0/24', { type: 'blackhole', device: undefined });
    expect(lookup(fib([byDefault, forbidden]), { destination: '8.8.8.8' })).to.deep.equal({
      kind: 'blocked',
      type: 'blackhole',
      by: forbidden,
    });
  });

  it('goes on to the next rule where a table has no match or says throw', () => {
    const thrown = route('0.0.0.0/0', { table: '100', type: 'throw', device: undefined });
    const rules = [rule(50, { table: '99' }), rule(60, { table: '100' })];
    expect(lookup(fib([byDefault, thrown], rules), { destination: '8.8.8.8' })).to.include({ gateway: '192.168.0.1' });
  });

  it('passes over rules that select another source, device or mark', () => {
    const tunnel = route('0.0.0.0/0', { table: 'vpn', device: 'wg0' });
    const by = (one: Parameters<typeof rule>[1], rest: object) =>
      lookup(fib([byDefault, tunnel], [rule(50, { table: 'vpn', ...one })]), { destination: '8.8.8.8', ...rest });
    expect(by({ from: '10.0.0.0/8' }, { source: '10.1.1.1' })).to.include({ device: 'wg0' });
    expect(by({ from: '10.0.0.0/8' }, { source: '192.168.0.2' })).to.include({ device: 'eth0' });
    expect(by({ from: '10.0.0.0/8' }, {})).to.include({ device: 'eth0' });
    expect(by({ mark: '0xca6c', inverted: true }, {})).to.include({ device: 'wg0' });
    expect(by({ mark: '0xca6c', inverted: true }, { mark: 0xca6c })).to.include({ device: 'eth0' });
    expect(by({ mark: '0x10/0xf0' }, { mark: 0x13 })).to.include({ device: 'wg0' });
    expect(by({ inDevice: 'lo' }, {})).to.include({ device: 'wg0' });
    expect(by({ inDevice: 'lo' }, { inDevice: 'eth0' })).to.include({ device: 'eth0' });
  });

  it('does not count a default route that a rule suppresses, nor a rule that selects what is not asked', () => {
    const tunnel = route('0.0.0.0/0', { table: 'vpn', device: 'wg0' });
    const rules = [
      rule(10, { table: 'vpn', others: ['ipproto'] }),
      rule(20, { suppressPrefix: 0 }),
      rule(30, { table: 'vpn' }),
    ];
    const vpn = fib([byDefault, lan, tunnel], rules);
    expect(lookup(vpn, { destination: '8.8.8.8' })).to.include({ device: 'wg0' });
    expect(lookup(vpn, { destination: '192.168.0.7' })).to.include({ device: 'eth0' });
  });

  it('takes a packet for one of the host’s own addresses to be local, pinned or not', () => {
    const own = route('192.168.0.2/32', { table: 'local', type: 'local' });
    expect(lookup(fib([own, lan]), { destination: '192.168.0.2' })).to.include({ kind: 'local' });
    expect(lookup(fib([own, lan]), { destination: '192.168.0.2', outDevice: 'eth0' })).to.include({ kind: 'local' });
  });

  it('pinned to a device, sees only routes via it; IPv4 then takes anything to be on-link, IPv6 does not', () => {
    const elsewhere = route('0.0.0.0/0', { via: '10.9.9.1', device: 'wlan0' });
    const elsewhere6 = route('::/0', { via: 'fe80::1', device: 'wlan0' });
    const host = fib([lan, elsewhere, elsewhere6]);
    expect(pinnedLookup(host, { destination: '192.168.0.7', outDevice: 'eth0' })).to.include({ kind: 'on-link' });
    expect(pinnedLookup(host, { destination: '8.8.8.8', outDevice: 'eth0' })).to.deep.equal({
      kind: 'assumed-on-link',
      device: 'eth0',
    });
    expect(pinnedLookup(host, { destination: '2001:db8::1', outDevice: 'eth0' })).to.deep.equal({ kind: 'none' });
  });

  it('always answers with a route that contains the destination, and with the longest of them', () => {
    const octet = fc.integer({ min: 0, max: 3 });
    const destination = fc.tuple(octet, octet).map(([a, b]) => `10.${a}.${b}.1`);
    const subnet = fc
      .tuple(octet, octet, fc.constantFrom(0, 8, 14, 16, 22, 24))
      .map(([a, b, length]) => subnetOfLength(`10.${a}.${b}.0`, length));
    fc.assert(
      fc.property(destination, fc.uniqueArray(subnet, { maxLength: 12 }), (address, subnets) => {
        const answer = lookup(fib(subnets.map((one) => route(one))), { destination: address });
        const matching = subnets.filter((one) => contains(one, address));
        if (answer.kind !== 'on-link') return matching.length === 0;
        const longest = Math.max(...matching.map(prefixLength));
        return matching.includes(answer.route.destination) && prefixLength(answer.route.destination) === longest;
      }),
    );
  });
});

function subnetOfLength(address: string, length: number): string {
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const masked = length === 0 ? 0 : Math.floor(value / 2 ** (32 - length)) * 2 ** (32 - length);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(masked / 2 ** shift) % 256).join('.')}/${length}`;
}
