import { expect } from 'chai';
import { problemsOf, readCompose, warningsOf, withLan } from './compose.js';

/** Compose files that are refused for one reason, at a line and column, said as given. */
function describeProblems(table: Readonly<Record<string, readonly [text: string, at: string, said: string]>>): void {
  for (const [situation, [text, at, said]] of Object.entries(table))
    it(`rejects ${situation}`, () => {
      const lines = problemsOf(text);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include(`compose.yaml:${at}: `).and.to.include(said);
    });
}

const service = (text: string) => withLan(`services:\n  web:\n${text}`);
const onLan = (text: string, name = 'web') => `  ${name}: { networks: { lan: { ${text} } } }\n`;

describe('a compose file', () => {
  it('is read with merges, variables and defaults', () => {
    const read = readCompose(
      `
x-net: &net { driver: ipvlan, driver_opts: { parent: "\${PARENT:?name it}", ipvlan_mode: "\${MODE-l3}" } }
networks:
  a:
    <<: *net
    name: "cost$$\${UNSET:+x}"
    ipam: { config: [{ subnet: "\${SUBNET:-10.1.1.0/24}" }] }
services:
  web: { image: "\${IMAGE?}", networks: [a] }
`,
      { PARENT: 'eth7' },
    );
    expect(read).not.to.have.property('lines');
    expect(read).to.have.nested.property('networks[0].name', 'cost$');
    expect(read).to.have.nested.property('networks[0].parent', 'eth7');
    expect(read).to.have.nested.property('networks[0].mode', 'l3');
    expect(read).to.have.nested.property('networks[0].subnets[0].subnet', '10.1.1.0/24');
  });

  describeProblems({
    'two IPvlan networks on one parent by a merge': [
      `
x-net: &net { driver: ipvlan, driver_opts: { parent: eth0 } }
networks:
  a: { <<: *net, ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
  b: { <<: *net, ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
`,
      '5:6',
      'Another network (a) already owns parent eth0',
    ],
    'a variable that must have a value': [
      'networks:\n  a: { driver: ipvlan, driver_opts: { parent: "${PARENT:?set the NIC}" } }',
      '2:47',
      'The variable PARENT has no value: set the NIC',
    ],
    'a variable without its brace': ['networks:\n  a: { driver: "${X" }', '2:16', 'has no closing brace'],
    'a fixed address outside the subnet': [
      withLan(`services:\n${onLan('ipv4_address: 10.9.9.9')}`),
      '7:43',
      '10.9.9.9 is no usable address of lan, which has 192.168.0.0/24',
    ],
    'a fixed address that is the gateway': [
      withLan(`services:\n${onLan('ipv4_address: 192.168.0.1')}`),
      '7:43',
      '192.168.0.1 is the gateway of 192.168.0.0/24. Give web another address',
    ],
    'a fixed address that aux_addresses reserves': [
      withLan(`services:\n${onLan('ipv4_address: 192.168.0.7')}`),
      '7:43',
      '192.168.0.7 is reserved as nas',
    ],
    'a fixed address that two services have': [
      withLan(`services:\n${onLan('ipv4_address: 192.168.0.9')}${onLan('ipv4_address: 192.168.0.9', 'db')}`),
      '8:42',
      '192.168.0.9 already belongs to web',
    ],
    'a fixed address that is none': [
      withLan(`services:\n${onLan('ipv4_address: 192.168.0')}`),
      '7:43',
      'must be an IPv4 or IPv6 address',
    ],
    'a MAC address on IPvlan': [
      service('    { mac_address: "02:00:00:00:00:2a", networks: [lan] }'),
      '8:20',
      'on an ipvlan network',
    ],
    'a MAC address that two services on one macvlan parent have': [
      withLan(
        `services:\n  a: { mac_address: "02:00:00:00:00:2a", networks: [lan] }\n${onLan('mac_address: "02:00:00:00:00:2a"', 'b')}`,
        'macvlan',
      ),
      '8:40',
      'is the MAC address of a already, on the parent eth0',
    ],
    'a driver that Docker does not have': [
      'networks:\n  a: { driver: ipvaln }',
      '2:16',
      'Docker has no network driver ipvaln. Did you mean "ipvlan"?',
    ],
    'an option that the driver ignores and that is nearly one it reads': [
      withLan('', 'ipvlan', ', ipvlan_mod: l3'),
      '4:34',
      'The driver ipvlan ignores the option ipvlan_mod. Did you mean "ipvlan_mode"?',
    ],
    'an option of the other driver': [
      withLan('', 'macvlan', ', ipvlan_mode: l3'),
      '4:34',
      'The driver macvlan ignores the option ipvlan_mode. Did you mean "macvlan_mode"?',
    ],
    'a mode that is none': [
      withLan('', 'ipvlan', ', ipvlan_mode: l33'),
      '4:47',
      'ipvlan_mode must be one of l2, l3, l3s, not "l33"',
    ],
    'a flag that is none': [withLan('', 'ipvlan', ', ipvlan_flag: privat'), '4:47', 'Did you mean "private"?'],
    'a network that is not there': [
      service('    networks: [lann]'),
      '8:16',
      'There is no network lann. Did you mean "lan"?',
    ],
    'an unknown key of a network': [
      'networks:\n  a: { drivr: ipvlan }',
      '2:8',
      'Unknown key "drivr" in networks.a. Did you mean "driver"?',
    ],
    'an external network that is described': [
      'networks:\n  a: { external: true, driver: ipvlan }',
      '2:6',
      'allows no driver',
    ],
    'a gateway outside its subnet': [
      'networks:\n  a: { driver: ipvlan, driver_opts: { parent: eth0 }, ipam: { config: [{ subnet: 10.1.1.0/24, gateway: 10.2.1.1 }] } }',
      '2:104',
      'Gateway 10.2.1.1 is no usable address of 10.1.1.0/24',
    ],
  });

  describe('a compose file of a wrong shape', () => {
    describeProblems({
      'a list of services': ['services: [web]', '1:11', 'services must be a mapping'],
      'a service without anything': ['services:\n  web:\n', '2:7', 'services.web must be a mapping, but it is empty'],
      'a word for a network': ['networks:\n  a: ipvlan\n', '2:6', 'networks.a must be a mapping, not "ipvlan"'],
      'a mapping for the subnets': [
        'networks:\n  a: { driver: ipvlan, ipam: { config: { subnet: 10.1.1.0/24 } } }',
        '2:40',
        'networks.a.ipam.config must be a list',
      ],
      'a list for the options': [
        'networks:\n  a: { driver_opts: [parent=eth0] }',
        '2:21',
        'driver_opts must be a mapping',
      ],
      'a number for an address': [
        service('    networks: { lan: { ipv4_address: 5 } }'),
        '8:38',
        'must be an IPv4 or IPv6 address',
      ],
      'aliases that would become a huge file': [
        [
          'a: &a [x, x, x, x, x, x, x, x, x]',
          ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]}, `.repeat(9)}]`),
          'networks: { n: { labels: *h } }',
        ].join('\n'),
        '1:1',
        'This is not YAML as it should be',
      ],
    });

    for (const text of ['networks:\n', 'networks:\n  default:\n', 'services: {}\nnetworks: {}\n'])
      it(`is accepted without content: ${JSON.stringify(text)}`, () => {
        expect(readCompose(text)).to.have.property('networks').that.deep.equals([]);
      });

    it('may have numbers as names, and empty parts of a network', () => {
      const text =
        'networks:\n  10: { driver: ipvlan, driver_opts: , ipam: , internal: true }\nservices: { 7: { networks: [10] } }';
      expect(readCompose(text)).to.have.nested.property('networks[0].name', '10');
    });
  });

  it('gets warnings about published ports, a missing parent, a missing subnet, and what it cannot check', () => {
    const said = (text: string) => warningsOf(text).join('\n');
    expect(said(service('    { ports: ["8080:80"], networks: [lan] }'))).to.match(
      /^compose\.yaml:8:\d+: Docker publishes no ports/,
    );
    expect(
      said(withLan('  br: { driver: bridge }\nservices:\n  web: { ports: ["80:80"], networks: [lan, br] }')),
    ).to.equal('');
    expect(said('networks:\n  a: { driver: ipvlan, ipam: { config: [{ subnet: 10.1.1.0/24 }] } }')).to.include(
      'No parent is given',
    );
    expect(said('networks:\n  a: { driver: ipvlan, driver_opts: { parent: eth0 } }')).to.include('No subnet is given');
    expect(said('networks:\n  a: { external: true, name: office }')).to.include(
      'The network a is external: it is office in Docker',
    );
    expect(said('networks:\n  a: { driver: calico }')).to.include('calico is not one of');
    expect(said(withLan('', 'ipvlan', ', x: y'))).to.include('ignores the option x');
    expect(said('networks:\n  a: { driver: "$D" }')).to.include('The variable D has no value');
  });
});
