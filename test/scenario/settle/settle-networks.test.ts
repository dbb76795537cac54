import { expect } from 'chai';
import { describeAccepted, describeRefusals, describeWarnings } from '../describe-refusals.js';
import { plan } from '../write.js';

const on = (networks: string, site = '{}') => ({ networks, site, containers: '[{ name: webapp, network: net }]' });
const VLAN = '{ vlans: [{ id: 30, subnet: 192.168.30.0/24 }] }';

describe('settling networks', () => {
  it("writes out Docker's defaults", () => {
    expect(plan(on('[{ name: net, subnets: [10.5.0.0/24] }]')).networks[0]).to.deep.equal({
      name: 'net',
      driver: 'ipvlan',
      mode: 'l2',
      flag: undefined,
      parent: undefined,
      subnets: [{ subnet: '10.5.0.0/24', gateway: undefined, range: undefined, reserved: {} }],
      internal: false,
      options: {},
    });
    expect(plan(on('[{ name: net, driver: macvlan, subnets: [10.5.0.0/24] }]')).networks[0]?.mode).to.equal('bridge');
    expect(plan(on('[{ name: net, driver: bridge, subnets: [10.5.0.0/24] }]')).networks[0]?.mode).to.equal(undefined);
  });

  it('passes options on as text', () => {
    const [network] = plan(on('[{ name: net, subnets: [10.5.0.0/24], options: { mtu: 1400, x: true } }]')).networks;
    expect(network?.options).to.deep.equal({ mtu: '1400', x: 'true' });
  });

  it('leaves the gateway of an L2 network open when the author does', () => {
    const [network] = plan(on('[{ name: net, mode: l2, parent: enp0s3, subnets: [192.168.0.0/24] }]')).networks;
    expect(network?.subnets[0]?.gateway).to.equal(undefined);
  });

  describeRefusals({
    'a mode of another driver': [
      on('[{ name: net, driver: macvlan, mode: l3, subnets: [10.5.0.0/24] }]'),
      'Mode l3 does not fit driver macvlan: macvlan knows bridge, vepa, private, passthru.',
    ],
    'a mode on a bridge': [
      on('[{ name: net, driver: bridge, mode: l2, subnets: [10.5.0.0/24] }]'),
      'bridge knows no modes.',
    ],
    'a flag on macvlan': [
      on('[{ name: net, driver: macvlan, flag: vepa, subnets: [10.5.0.0/24] }]'),
      'A flag is for ipvlan networks; net is macvlan. Use mode.',
    ],
    'a parent of a bridge': [
      on('[{ name: net, driver: bridge, parent: enp0s3, subnets: [10.5.0.0/24] }]'),
      'A bridge network has no parent.',
    ],
    'a parent the host does not have': [
      on('[{ name: net, mode: l3, parent: enp0s8, subnets: [10.5.0.0/24] }]'),
      'The host has no interface enp0s8. Use enp0s3, or name it in site.host.interface.',
    ],
    'a parent that is no VLAN number': [
      on('[{ name: net, mode: l3, parent: enp0s3.x, subnets: [10.5.0.0/24] }]'),
      'enp0s3.x is no VLAN of enp0s3',
    ],
    'a parent with a VLAN number too high': [
      on('[{ name: net, mode: l3, parent: enp0s3.4095, subnets: [10.5.0.0/24] }]'),
      'enp0s3.4095 is no VLAN of enp0s3',
    ],
    'a second IPvlan network on a parent': [
      on(
        '[{ name: office, mode: l3, parent: enp0s3, subnets: [10.5.0.0/24] }, { name: net, mode: l3, parent: enp0s3, subnets: [10.6.0.0/24] }]',
      ),
      'Another network (office) already owns parent enp0s3. Give this one a VLAN parent such as enp0s3.30, or add its subnets to "office".',
    ],
    'IPvlan and macvlan on one parent': [
      on(
        '[{ name: office, driver: macvlan, parent: enp0s3, subnets: [10.5.0.0/24] }, { name: net, mode: l3, parent: enp0s3, subnets: [10.6.0.0/24] }]',
      ),
      'office (macvlan) already holds parent enp0s3, and the kernel does not allow ipvlan and macvlan on one link.',
    ],
    'passthru on a shared parent': [
      on(
        '[{ name: net, driver: macvlan, mode: passthru, parent: enp0s3, subnets: [10.5.0.0/24] }, { name: other, driver: macvlan, parent: enp0s3, subnets: [10.6.0.0/24] }]',
      ),
      'passthru takes the whole link',
    ],
    'subnets of two networks that overlap': [
      on('[{ name: office, subnets: [10.5.0.0/16] }, { name: net, subnets: [10.5.6.0/24] }]'),
      /:3:\d+: 10\.5\.6\.0\/24 overlaps 10\.5\.0\.0\/16 of office\./,
    ],
    'subnets of one network that overlap': [
      on('[{ name: net, subnets: ["fd00::/64", "fd00::/80"] }]'),
      'fd00::/80 overlaps fd00::/64 of net.',
    ],
    "a bridge on the LAN's subnet": [
      on('[{ name: net, driver: bridge, subnets: [192.168.0.0/24] }]'),
      'overlaps the LAN',
    ],
    'a subnet that covers the internet': [
      on('[{ name: net, mode: l3, parent: enp0s3, subnets: [8.8.8.0/24] }]'),
      'overlaps the internet, 8.8.8.8.',
    ],
    'a gateway outside its subnet': [
      on('[{ name: net, subnets: [{ subnet: 10.5.0.0/24, gateway: 10.6.0.1 }] }]'),
      'Gateway 10.6.0.1 is no usable address of 10.5.0.0/24.',
    ],
    'a range outside its subnet': [
      on('[{ name: net, subnets: [{ subnet: 10.5.0.0/24, range: 10.6.0.0/28 }] }]'),
      'Range 10.6.0.0/28 lies outside 10.5.0.0/24.',
    ],
    'a reserved address outside its subnet': [
      on('[{ name: net, subnets: [{ subnet: 10.5.0.0/24, reserved: { nas: 10.6.0.9 } }] }]'),
      '10.6.0.9 lies outside 10.5.0.0/24.',
    ],
    'two networks of one name': [
      on('[{ name: net, subnets: [10.5.0.0/24] }, { name: net, subnets: [10.6.0.0/24] }]'),
      'The name net is taken by another network.',
    ],
    "a network called like one of Docker's": [
      { networks: '[{ name: host, subnets: [10.5.0.0/24] }]', containers: '[{ name: webapp, network: host }]' },
      'The name host is taken by Docker itself.',
    ],
  });

  describeWarnings({
    'an L3 subnet that overlaps the LAN': [
      on('[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.0.0/24] }]'),
      /192\.168\.0\.0\/24 overlaps the LAN, 192\.168\.0\.0\/24\. An L3 network needs a subnet of its own/,
    ],
    'an L3 subnet that overlaps a VLAN': [
      on('[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.30.0/25] }]', VLAN),
      /overlaps VLAN 30, 192\.168\.30\.0\/24\./,
    ],
    "an L2 subnet on a VLAN that is the LAN's": [
      on('[{ name: net, mode: l2, parent: enp0s3.30, subnets: [192.168.0.0/24] }]', VLAN),
      /overlaps the LAN/,
    ],
    'a gateway that L3 ignores': [
      on('[{ name: net, mode: l3, parent: enp0s3, subnets: [{ subnet: 10.5.0.0/24, gateway: 10.5.0.1 }] }]'),
      /Mode l3 ignores the gateway 10\.5\.0\.1/,
    ],
    'a gateway that L3S ignores': [
      on('[{ name: net, mode: l3s, parent: enp0s3, subnets: [{ subnet: 10.5.0.0/24, gateway: 10.5.0.1 }] }]'),
      /Mode l3s ignores the gateway/,
    ],
    'a VLAN the switch does not carry': [
      on('[{ name: net, mode: l2, parent: enp0s3.30, subnets: [10.5.0.0/24] }]'),
      /does not carry VLAN 30/,
    ],
    'a second macvlan network on a parent': [
      on(
        '[{ name: net, driver: macvlan, parent: enp0s3, subnets: [10.5.0.0/24] }, { name: other, driver: macvlan, parent: enp0s3, subnets: [10.6.0.0/24] }]',
      ),
      /Docker before 27 rejects a second macvlan network/,
    ],
    'an L2 subnet that is only a part of the LAN': [
      on('[{ name: net, mode: l2, parent: enp0s3, subnets: [192.168.0.128/25] }]'),
      /192\.168\.0\.128\/25 is not the whole of 192\.168\.0\.0\/24/,
    ],
    'IPv6 behind a LAN without': [
      on('[{ name: net, mode: l3, parent: enp0s3, subnets: ["fd00::/64"] }]'),
      /The LAN has no IPv6/,
    ],
  });

  describeAccepted({
    "L2 on the LAN's own subnet": on(
      '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1 }] }]',
    ),
    'an L2 network with a gateway that no node has': on(
      '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.254 }] }]',
    ),
    "L2 on a VLAN's own subnet": on(
      '[{ name: net, mode: l2, parent: enp0s3.30, subnets: [{ subnet: 192.168.30.0/24, gateway: 192.168.30.1 }] }]',
      VLAN,
    ),
    'two IPvlan networks, one of them on a VLAN': on(
      '[{ name: net, mode: l3, parent: enp0s3, subnets: [10.5.0.0/24] }, { name: tagged, mode: l3, parent: enp0s3.30, subnets: [10.6.0.0/24] }]',
      VLAN,
    ),
    "the LAN's subnet on a dummy link, where it meets no node": on(
      '[{ name: net, mode: l2, subnets: [192.168.0.0/24] }]',
    ),
    'a reservation for the host, which owns that address': on(
      '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1, reserved: { host: 192.168.0.2 } }] }]',
    ),
  });
});
