import { expect } from 'chai';
import { describeAccepted, describeRefusals, describeWarnings } from '../describe-refusals.js';
import { plan } from '../write.js';

const L2 =
  '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1, reserved: { nas: 192.168.0.4 } }] }]';
const BOTH = '[{ name: net, mode: l2, subnets: [10.5.0.0/24, "fd00::/64"] }]';
const TWO = '[{ name: net, mode: l2, subnets: [10.5.0.0/24] }, { name: back, driver: bridge, subnets: [10.6.0.0/24] }]';
const addresses = (parts: Parameters<typeof plan>[0]) =>
  plan(parts).containers.map(({ attachments }) => attachments.map((each) => each.addresses.join(' ')).join(', '));

describe('settling containers', () => {
  it('gives the next free address, past gateway, host, reservations and peers', () => {
    const containers =
      '[{ name: a, network: net }, { name: b, network: net }, { name: c, network: net, address: 192.168.0.3 }]';
    expect(addresses({ networks: L2, containers })).to.deep.equal(['192.168.0.5', '192.168.0.6', '192.168.0.3']);
  });

  it('stays inside the range', () => {
    const networks =
      '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1, range: 192.168.0.48/29 }] }]';
    const containers = '[{ name: a, network: net }, { name: b, network: net }, { name: c, network: net }]';
    expect(addresses({ networks, containers })).to.deep.equal(['192.168.0.48', '192.168.0.49', '192.168.0.51']);
  });

  it('gives one address in each family of the network, and keeps those that are stated', () => {
    const containers =
      '[{ name: a, network: net }, { name: b, network: net, address: "fd00:0::99" }, { name: c, network: net, address: [10.5.0.9, "fd00::9"] }]';
    expect(addresses({ networks: BOTH, containers })).to.deep.equal([
      '10.5.0.2 fd00::2',
      'fd00::99 10.5.0.3',
      '10.5.0.9 fd00::9',
    ]);
  });

  it('attaches to several networks in order', () => {
    const containers = '[{ name: a, networks: [{ name: back, address: 10.6.0.8 }, { name: net }] }]';
    expect(plan({ networks: TWO, containers }).containers[0]?.attachments).to.deep.equal([
      { network: 'back', addresses: ['10.6.0.8'] },
      { network: 'net', addresses: ['10.5.0.2'] },
    ]);
  });

  it('reads what a container listens on', () => {
    const containers = '[{ name: a, network: net, listens: [tcp/3306, udp/53, "multicast/[FF02:0::FB]:5353"] }]';
    expect(plan({ containers }).containers[0]?.listens).to.deep.equal([
      { protocol: 'tcp', port: 3306 },
      { protocol: 'udp', port: 53 },
      { protocol: 'udp', group: 'ff02::fb', port: 5353 },
    ]);
  });

  it('reads what it publishes, and its DNS servers; without either it has neither', () => {
    const containers =
      '[{ name: a, network: net, publishes: [tcp/8080], dns: 192.168.0.2 }, { name: b, network: net, dns: [1.1.1.1, "fd00:0::1"] }, { name: c, network: net }]';
    expect(plan({ containers }).containers.map(({ publishes, dns }) => [publishes, dns])).to.deep.equal([
      [[{ protocol: 'tcp', port: 8080 }], ['192.168.0.2']],
      [undefined, ['1.1.1.1', 'fd00::1']],
      [undefined, undefined],
    ]);
  });

  describeRefusals({
    'an unknown network, naming the one meant': [
      { containers: '[{ name: a, network: nett }]' },
      'There is no network nett. Did you mean "net"?',
    ],
    'an address outside the network': [
      { containers: '[{ name: a, network: net, address: 10.9.0.1 }]' },
      ':4:48: 10.9.0.1 is no usable address of net, which has 192.168.10.0/24.',
    ],
    'the broadcast address of a subnet': [
      { containers: '[{ name: a, network: net, address: 192.168.10.255 }]' },
      'no usable address of net',
    ],
    'an address given to two containers': [
      {
        containers:
          '[{ name: a, network: net, address: 192.168.10.5 }, { name: b, network: net, address: 192.168.10.5 }]',
      },
      '192.168.10.5 already belongs to a. Give b another address.',
    ],
    'the same IPv6 address in two spellings': [
      {
        networks: BOTH,
        containers:
          '[{ name: a, network: net, address: "fd00::5" }, { name: b, network: net, address: "FD00:0:0::5" }]',
      },
      'fd00::5 already belongs to a.',
    ],
    "the host's address": [
      { networks: L2, containers: '[{ name: a, network: net, address: 192.168.0.2 }]' },
      'already belongs to the host',
    ],
    "the gateway's address": [
      { networks: L2, containers: '[{ name: a, network: net, address: 192.168.0.1 }]' },
      'already belongs to the gateway',
    ],
    "a peer's address": [
      { networks: L2, containers: '[{ name: a, network: net, address: 192.168.0.50 }]' },
      'already belongs to laptop',
    ],
    'a reserved address': [
      { networks: L2, containers: '[{ name: a, network: net, address: 192.168.0.4 }]' },
      '192.168.0.4 is reserved as nas.',
    ],
    "the network's own gateway": [
      {
        networks:
          '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.254 }] }]',
        containers: '[{ name: a, network: net, address: 192.168.0.254 }]',
      },
      '192.168.0.254 is the gateway of 192.168.0.0/24.',
    ],
    "a bridge's own address": [
      { networks: TWO, containers: '[{ name: a, network: back, address: 10.6.0.1 }]' },
      "which is the bridge's own",
    ],
    'two addresses of one family on one network': [
      { containers: '[{ name: a, network: net, address: [192.168.10.5, 192.168.10.6] }]' },
      'one IPv4 address per network',
    ],
    'a container on one network twice': [
      { containers: '[{ name: a, networks: [{ name: net }, { name: net }] }]' },
      'a is on net already.',
    ],
    'a subnet that is full': [
      {
        networks: '[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.10.0/30] }]',
        containers: '[{ name: a, network: net }, { name: b, network: net }]',
      },
      'net has no free IPv4 address left for b.',
    ],
    'a second container on passthru': [
      {
        networks: '[{ name: net, driver: macvlan, mode: passthru, parent: enp0s3, subnets: [10.5.0.0/24] }]',
        containers: '[{ name: a, network: net }, { name: b, network: net }]',
      },
      'passthru and holds one container only',
    ],
    'a container called like a node of the site': [
      { containers: '[{ name: internet, network: net }]' },
      'The name internet is taken by the site\'s node "internet".',
    ],
    'a container called like the peer a site has by default': [
      { containers: '[{ name: laptop, network: net }]' },
      'The name laptop is taken by another peer.',
    ],
    'two containers of one name': [
      { containers: '[{ name: a, network: net }, { name: a, network: net }]' },
      'The name a is taken by another container.',
    ],
    'a port that is none': [
      { containers: '[{ name: a, network: net, listens: [tcp/99999] }]' },
      'tcp/99999: a port is a number from 1 to 65535.',
    ],
  });

  describeWarnings({
    'the first address, which some Docker versions keep': [
      { containers: '[{ name: a, network: net, address: 192.168.10.1 }]' },
      /192\.168\.10\.1 is the first of its subnet, which Docker before 29 keeps/,
    ],
  });

  describeAccepted({
    'both addresses of a subnet that has only two': {
      networks: '[{ name: net, mode: l2, subnets: [{ subnet: 10.5.0.0/31, gateway: 10.5.0.1 }] }]',
      containers: '[{ name: a, network: net, address: 10.5.0.0 }]',
    },
  });
});
