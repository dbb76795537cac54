import { expect } from 'chai';
import { parseProtocols, parseTxDropped } from '../../src/probes/facts/counters.js';
import { parseLinks } from '../../src/probes/facts/links.js';
import { parseNeighbours } from '../../src/probes/facts/neighbours.js';
import { parseRoutes } from '../../src/probes/facts/routes.js';
import { parseRules } from '../../src/probes/facts/rules.js';
import { parseSockets } from '../../src/probes/facts/sockets.js';
import { parseSysctls } from '../../src/probes/facts/sysctls.js';

describe('links', () => {
  const link = (more: object) => [
    {
      ifindex: 6,
      ifname: 'eth0',
      flags: ['UP', 'LOWER_UP'],
      operstate: 'UNKNOWN',
      mtu: 1500,
      link_type: 'ether',
      ...more,
    },
  ];
  const parsed = (more: object) => parseLinks(JSON.stringify(link(more)))[0];

  it('know an IPvlan link’s mode and flag', () => {
    const linkinfo = { info_kind: 'ipvlan', info_data: { mode: 'l3', private: true } };
    expect(parsed({ linkinfo })).to.include({ kind: 'ipvlan', mode: 'l3', flag: 'private' });
  });

  it('know a macvlan link’s mode, which is no flag', () => {
    const linkinfo = { info_kind: 'macvlan', info_data: { mode: 'bridge' } };
    expect(parsed({ linkinfo })).to.include({ kind: 'macvlan', mode: 'bridge', flag: undefined });
  });

  it('know a VLAN’s id, and keep it apart from other links’ numbers', () => {
    expect(parsed({ linkinfo: { info_kind: 'vlan', info_data: { id: 30 } } })).to.include({ vlan: 30 });
    expect(parsed({ linkinfo: { info_kind: 'vxlan', info_data: { id: 30 } } })).to.include({ vlan: undefined });
  });

  it('tell an administrator’s wish from a carrier', () => {
    expect(parsed({ flags: ['NO-CARRIER', 'UP'] })).to.include({ adminUp: true, carrier: false });
    expect(parsed({ flags: ['NOARP'] })).to.include({ adminUp: false, carrier: false, noArp: true });
  });

  it('pass over the empty objects iproute2 prints for what it left out', () => {
    expect(parseLinks(JSON.stringify([{}, ...link({})])).map(({ name }) => name)).to.deep.equal(['eth0']);
  });
});

describe('routes', () => {
  it('write the default route and host routes as subnets', () => {
    const json = JSON.stringify([
      { type: 'unicast', dst: 'default', dev: 'eth0', table: 'main', scope: 'link', flags: [] },
      { type: 'local', dst: '10.1.1.1', dev: 'eth0', table: 'local', prefsrc: '10.1.1.1', flags: [] },
    ]);
    expect(parseRoutes(json, 4).map(({ destination }) => destination)).to.deep.equal(['0.0.0.0/0', '10.1.1.1/32']);
    expect(parseRoutes(json, 6)[0]?.destination).to.equal('::/0');
  });

  it('take a route over several next hops apart', () => {
    const nexthops = [
      { gateway: '10.1.1.2', dev: 'd0', weight: 1, flags: [] },
      { gateway: '10.1.1.3', dev: 'd1', weight: 1, flags: ['linkdown'] },
    ];
    const json = JSON.stringify([{ dst: '8.8.8.8', flags: [], nexthops }]);
    expect(parseRoutes(json, 4).map(({ via, device, flags }) => [via, device, ...flags])).to.deep.equal([
      ['10.1.1.2', 'd0'],
      ['10.1.1.3', 'd1', 'linkdown'],
    ]);
  });

  it('know an IPv6 next hop of an IPv4 route', () => {
    const json = JSON.stringify([{ dst: 'default', via: { family: 'inet6', host: 'fe80::1' }, dev: 'd0', flags: [] }]);
    expect(parseRoutes(json, 4)[0]?.via).to.equal('fe80::1');
  });

  it('have none where ip printed nothing', () => expect(parseRoutes('', 6)).to.deep.equal([]));
});

describe('rules', () => {
  /** Recorded with iproute2 6.1. */
  const RECORDED = `[{"priority":0,"src":"all","table":"local","protocol":"kernel"},{"priority":32763,"src":"all","oif":"d0","oif_detached":null,"table":"100","protocol":"unspec"},{"priority":32764,"not":null,"src":"all","fwmark":"0x3","table":"99","protocol":"unspec"},{"priority":32765,"src":"1.2.3.0","srclen":24,"action":"unreachable","protocol":"unspec"}]`;

  it('keep selectors, inversion and actions', () => {
    expect(
      parseRules(RECORDED, 4).map(({ from, outDevice, mark, inverted, table, action }) => [
        from,
        outDevice,
        mark,
        inverted,
        table,
        action,
      ]),
    ).to.deep.equal([
      [undefined, undefined, undefined, false, 'local', undefined],
      [undefined, 'd0', undefined, false, '100', undefined],
      [undefined, undefined, '0x3', true, '99', undefined],
      ['1.2.3.0/24', undefined, undefined, false, undefined, 'unreachable'],
    ]);
  });
});

describe('rules of a VPN', () => {
  /** Recorded with iproute2 6.1. */
  const VPN = `[{"priority":295,"src":"all","table":"main","suppress_prefixlen":0},{"priority":296,"src":"all","ipproto":"tcp","sport":5,"table":"9"},{"priority":300,"src":"all","fwmark":"0x10","fwmask":"0xf0","table":"100"}]`;

  it('keep masks, suppressed prefixes, and the names of selectors that are not evaluated', () => {
    expect(parseRules(VPN, 4).map(({ mark, suppressPrefix, others }) => [mark, suppressPrefix, others])).to.deep.equal([
      [undefined, 0, undefined],
      [undefined, undefined, ['ipproto', 'sport']],
      ['0x10/0xf0', undefined, undefined],
    ]);
  });
});

describe('neighbours', () => {
  it('have no MAC address while unresolved', () => {
    const json = JSON.stringify([{ dst: '10.9.0.9', dev: 'eth0', state: ['FAILED'] }]);
    expect(parseNeighbours(json)).to.deep.equal([
      { address: '10.9.0.9', device: 'eth0', mac: undefined, state: 'FAILED' },
    ]);
  });
});

describe('sysctls', () => {
  it('are named as sysctl names them, a VLAN’s dot included', () => {
    const text = '/proc/sys/net/ipv4/ip_forward:1\n/proc/sys/net/ipv4/conf/enp0s3.30/rp_filter:2\n';
    expect(parseSysctls(text)).to.deep.equal({
      'net.ipv4.ip_forward': '1',
      'net.ipv4.conf.enp0s3/30.rp_filter': '2',
    });
  });
});

describe('counters', () => {
  it('read names above values, and names beside values', () => {
    const text = `Ip: Forwarding OutDiscards
Ip: 1 5
Icmp: InMsgs
Icmp: 3
Ip6OutNoRoutes                  \t7
`;
    expect(parseProtocols(text)).to.deep.equal({ IpForwarding: 1, IpOutDiscards: 5, IcmpInMsgs: 3, Ip6OutNoRoutes: 7 });
  });

  it('know how many packets each link did not send', () => {
    const json = JSON.stringify([{}, { ifname: 'eth0', stats64: { tx: { dropped: 4 } } }]);
    expect(parseTxDropped(json)).to.deep.equal({ eth0: 4 });
  });
});

describe('sockets', () => {
  it('are read from the kernel’s own tables, whose addresses are in reverse byte order', () => {
    const text = `tcp 0100007F:1F90
tcp 00000000:0016
tcp6 00000000000000000000000000000000:0CEA
tcp6 0000000000000000FFFF00000A0AA8C0:0050
udp 0B00007F:B3C1
udp6 000080FE00000000FF005450010100FE:0035
`;
    expect(parseSockets(text)).to.deep.equal([
      { protocol: 'tcp', address: '127.0.0.1', port: 8080 },
      { protocol: 'tcp', address: '0.0.0.0', port: 22 },
      { protocol: 'tcp', address: '::', port: 3306 },
      { protocol: 'tcp', address: '192.168.10.10', port: 80 },
      { protocol: 'udp', address: '127.0.0.11', port: 46017 },
      { protocol: 'udp', address: 'fe80::5054:ff:fe00:101', port: 53 },
    ]);
  });

  it('are none in a namespace without listeners', () => {
    expect(parseSockets('')).to.deep.equal([]);
  });
});
