import { expect } from 'chai';
import { parseChildLinks } from '../../../src/probes/facts/child-links.js';

const MAC = '52:54:00:12:34:56';

function output(links: readonly object[]): string {
  const common = { flags: ['UP', 'LOWER_UP'], operstate: 'UP', mtu: 1500, link_type: 'ether', address: MAC };
  return JSON.stringify(links.map((link) => ({ ...common, ...link })));
}

const ipvlan = (mode: string) => ({ linkinfo: { info_kind: 'ipvlan', info_data: { mode, bridge: true } } });

describe('links on a parent', () => {
  const host = output([
    { ifindex: 2, ifname: 'eth0' },
    { ifindex: 5, ifname: 'eth1' },
    { ifindex: 3, ifname: 'shim0', link: 'eth0', ...ipvlan('l2') },
    { ifindex: 4, ifname: 'other0', link: 'eth1', ...ipvlan('l2') },
  ]);
  const container = output([
    { ifindex: 9, ifname: 'eth0', link_index: 2, link_netnsid: 0, ...ipvlan('l3') },
    { ifindex: 10, ifname: 'eth1', link_index: 5, link_netnsid: 0, ...ipvlan('l3') },
  ]);
  const nested = output([
    { ifindex: 9, ifname: 'eth0', link_index: 2, address: '02:00:00:00:00:09', ...ipvlan('l3s') },
  ]);
  const macvlan = output([
    {
      ...{ ifindex: 9, ifname: 'eth0', link_index: 2, address: '02:42:00:00:00:09' },
      linkinfo: { info_kind: 'macvlan', info_data: { mode: 'bridge' } },
    },
  ]);
  const text = Object.entries({ host, nginx: container, nested, mqtt: macvlan })
    .map(([program, json]) => `=== ipvlan-doctor === ${program}\n${json}\n`)
    .join('');

  it('are found on the host and in other namespaces, but not those on a parent of the same index elsewhere', () => {
    expect(parseChildLinks(text, 'eth0')).to.deep.equal([
      { name: 'shim0', kind: 'ipvlan', mode: 'l2', flag: 'bridge', program: undefined },
      { name: 'eth0', kind: 'ipvlan', mode: 'l3', flag: 'bridge', program: 'nginx' },
      { name: 'eth0', kind: 'macvlan', mode: 'bridge', flag: undefined, program: 'mqtt' },
    ]);
  });

  it('are none on a parent that is not there', () => {
    expect(parseChildLinks(text, 'eth7')).to.deep.equal([]);
    expect(parseChildLinks('', 'eth0')).to.deep.equal([]);
  });
});
