import { expect } from 'chai';
import { describeAccepted, describeRefusals, describeWarnings } from '../describe-refusals.js';
import { plan } from '../write.js';

const L2 = {
  networks: '[{ name: net, mode: l2, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1 }] }]',
  containers: '[{ name: webapp, network: net, address: 192.168.0.100 }]',
};
const BOTH = {
  site: '{ lan: [192.168.0.0/24, "fd00:1::/64"], vlans: [{ id: 30, subnet: 192.168.30.0/24 }] }',
  networks:
    '[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.10.0/24, "fd00:10::/64"] }, { name: tagged, mode: l2, parent: enp0s3.30, subnets: [{ subnet: 192.168.30.0/24, gateway: 192.168.30.1 }] }, { name: six, driver: bridge, subnets: ["fd00:66::/64"] }]',
  containers:
    '[{ name: webapp, network: net }, { name: lamp, network: tagged }, { name: only6, network: six }, { name: both, networks: [{ name: net }, { name: tagged }] }]',
};
const check = (text: string, rest = {}) => ({ ...rest, checks: `[${text}]` });
const target = (text: string, rest = {}) => plan(check(text, rest)).checks[0]?.to;

describe('settling checks', () => {
  it('writes out the defaults and keeps the line', () => {
    expect(plan(check('{ from: webapp, to: google.com }')).checks).to.deep.equal([
      {
        id: 'webapp>google.com/icmp',
        from: 'webapp',
        to: { label: 'google.com', node: 'internet', name: 'google.com', address: '8.8.8.8' },
        over: { protocol: 'icmp' },
        expect: { kind: 'reachable' },
        line: 5,
      },
    ]);
  });

  it('knows whose address is meant', () => {
    expect(target('{ from: webapp, to: 192.168.0.50 }')).to.deep.equal({
      label: '192.168.0.50',
      node: 'laptop',
      name: undefined,
      address: '192.168.0.50',
    });
    expect(target('{ from: webapp, to: 9.9.9.9, expect: blocked }')?.node).to.equal(undefined);
  });

  it('takes the address on the link both ends share', () => {
    expect(target('{ from: lamp, to: gateway }', BOTH)?.address).to.equal('192.168.30.1');
    expect(target('{ from: webapp, to: gateway }', BOTH)?.address).to.equal('192.168.0.1');
    expect(target('{ from: lamp, to: both }', BOTH)?.address).to.equal('192.168.30.3');
    expect(target('{ from: webapp, to: both }', BOTH)?.address).to.equal('192.168.10.3');
  });

  it('takes the family both ends have', () => {
    expect(target('{ from: only6, to: gateway }', BOTH)?.address).to.equal('fd00:1::1');
    expect(target('{ from: only6, to: google.com }', BOTH)?.address).to.equal('2001:4860:4860::8888');
  });

  for (const [text, over] of [
    ['tcp/443', { protocol: 'tcp', port: 443 }],
    ['udp/53', { protocol: 'udp', port: 53 }],
    ['mtu/1500', { protocol: 'mtu', bytes: 1500 }],
    ['dns', { protocol: 'dns' }],
    ['http', { protocol: 'http' }],
  ] as const) {
    it(`reads ${text}`, () => {
      const [settled] = plan(check(`{ from: webapp, to: google.com, over: ${text} }`)).checks;
      expect(settled).to.deep.include({ over, id: `webapp>google.com/${text}` });
    });
  }

  for (const [text, over] of [
    ['multicast/224.0.0.251:5353', { protocol: 'multicast', group: '224.0.0.251', port: 5353 }],
    ['multicast/239.255.255.250:1900', { protocol: 'multicast', group: '239.255.255.250', port: 1900 }],
  ] as const) {
    it(`reads ${text}`, () => {
      const [settled] = plan(check(`{ from: laptop, to: webapp, over: "${text}" }`)).checks;
      expect(settled).to.deep.include({ over, id: `laptop>webapp/${text}` });
    });
  }

  it('writes an IPv6 group in one way', () => {
    const [settled] = plan(
      check('{ from: laptop, to: "fd00:10::2", over: "multicast/[FF02:0::FB]:5353" }', BOTH),
    ).checks;
    expect(settled).to.deep.include({ id: 'laptop>fd00:10::2/multicast/[ff02::fb]:5353' });
  });

  it('reads all three expectations', () => {
    const checks =
      '[{ from: webapp, to: host }, { from: webapp, to: gateway, expect: blocked }, { from: webapp, to: laptop, expect: { blocked-by: host-child-isolation } }]';
    expect(plan({ checks }).checks.map((each) => each.expect)).to.deep.equal([
      { kind: 'reachable' },
      { kind: 'blocked' },
      { kind: 'blocked-by', cause: 'host-child-isolation' },
    ]);
  });

  describeRefusals({
    'an unknown sender, naming the one meant': [
      check('{ from: webap, to: host }'),
      ':5:18: There is no node webap to start from. Did you mean "webapp"?',
    ],
    'the switch as a sender': [check('{ from: switch, to: host }'), 'There is no node switch to start from.'],
    'an unknown target, naming the one meant': [
      check('{ from: webapp, to: latpop }'),
      'latpop is neither a node, nor an address, nor a name the site\'s internet knows. Did you mean "laptop"?',
    ],
    'a DNS name the site does not know': [
      check('{ from: webapp, to: qqqq.example }'),
      'A further DNS name goes into site.internet.names.',
    ],
    'a name that every JavaScript object knows': [
      check('{ from: webapp, to: constructor }'),
      'constructor is neither a node, nor an address',
    ],
    'a subnet as a target': [check('{ from: webapp, to: 192.168.0.0/24 }'), 'is neither a node, nor an address'],
    'a check of a node on itself': [
      check('{ from: webapp, to: 192.168.10.10 }'),
      '192.168.10.10 is webapp itself: the check crosses no network.',
    ],
    'the same check twice': [
      check('{ from: webapp, to: host }, { from: webapp, to: host, over: icmp, expect: blocked }'),
      'webapp>host/icmp is checked in line 5 already.',
    ],
    'a port that is none': [
      check('{ from: webapp, to: host, over: tcp/0, expect: blocked }'),
      'tcp/0: a port is a number from 1 to 65535.',
    ],
    'a packet larger than IP allows': [
      check('{ from: webapp, to: host, over: mtu/70000 }'),
      'mtu/70000: a packet has 68 to 65535 bytes.',
    ],
    'a group that is none': [
      check('{ from: laptop, to: webapp, over: "multicast/192.168.0.50:5353" }'),
      'multicast/192.168.0.50:5353: a multicast group is an address in 224.0.0.0/4 or ff00::/8, such as 224.0.0.251.',
    ],
    'a group without a port': [
      check('{ from: laptop, to: webapp, over: "multicast/224.0.0.251:0" }'),
      'multicast/224.0.0.251:0: a port is a number from 1 to 65535.',
    ],
    'a group of the other family': [
      check('{ from: laptop, to: webapp, over: "multicast/[ff02::fb]:5353" }'),
      'ff02::fb is an IPv6 group, and 192.168.10.10 is no IPv6 address.',
    ],
    'ARP from an L3 container': [
      check('{ from: webapp, to: gateway, over: arp }'),
      'webapp is on net in mode l3, which has no ARP.',
    ],
    'ARP across a router': [
      check('{ from: webapp, to: 8.8.8.8, over: arp }', L2),
      "8.8.8.8 is not on one of webapp's. Use icmp.",
    ],
    'ARP for an L3 container': [
      check('{ from: laptop, to: webapp, over: arp }'),
      "192.168.10.10 is not on one of laptop's.",
    ],
    'ARP in IPv6': [check('{ from: gateway, to: "fd00:1::2", over: arp }', BOTH), 'IPv6 has no ARP.'],
    'an unknown cause, naming the one meant': [
      check('{ from: webapp, to: host, expect: { blocked-by: gateway-missing-return-rout } }'),
      'There is no cause gateway-missing-return-rout. Did you mean "gateway-missing-return-route"?',
    ],
    'a cause that the diagnosis must not find': [
      check('{ from: webapp, to: host, expect: { blocked-by: host-child-isolation } }', { diagnosis: '[]' }),
      'host-child-isolation is not among the causes under diagnosis.',
    ],
    'an unknown cause in the diagnosis': [
      { diagnosis: '[gateway-mising-return-route]' },
      ':5:13: There is no cause gateway-mising-return-route. Did you mean "gateway-missing-return-route"?',
    ],
    'a target in a family the sender lacks': [
      check('{ from: webapp, to: "2001:db8::1" }'),
      'webapp has no IPv6 address to reach 2001:db8::1 from.',
    ],
  });

  describeWarnings({
    'a port on which the container does not listen': [
      check('{ from: laptop, to: webapp, over: tcp/80 }'),
      /webapp does not listen on tcp\/80/,
    ],
  });

  describeAccepted({
    'ARP on the LAN': check(
      '{ from: webapp, to: laptop, over: arp }, { from: laptop, to: webapp, over: arp }, { from: host, to: gateway, over: arp }',
      L2,
    ),
    'a target out of reach that is expected to be': check('{ from: webapp, to: "2001:db8::1", expect: blocked }'),
    'a closed port that is expected to be': check('{ from: laptop, to: webapp, over: tcp/80, expect: blocked }'),
  });
});
