import { expect } from 'chai';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { edited, printedBy, withPrinted } from './printed.js';

type Edits = readonly (readonly [from: string, to: string])[];

/** How a fault shows in what each family prints. */
interface Printed {
  readonly noReturnRoute: Edits;
  readonly wrongNextHop: Edits;
  readonly noNat: Edits;
  readonly filter: Edits;
  /** A rule that cannot be translated, before those that can. */
  readonly unclear: Edits;
  /** What adds the route to the container subnet there. */
  readonly addsRoute: RegExp;
  /** What the rule that drops is called. */
  readonly named: RegExp;
}

const FAMILIES: Readonly<Record<string, Printed>> = {
  openwrt: {
    noReturnRoute: [
      ['192.168.10.0/24 via 192.168.0.2 dev br-lan\n', ''],
      ['192.168.20.0/24 via 192.168.0.2 dev br-lan\n', ''],
    ],
    wrongNextHop: [
      ['192.168.10.0/24 via 192.168.0.2', '192.168.10.0/24 via 192.168.0.250'],
      ['192.168.20.0/24 via 192.168.0.2', '192.168.20.0/24 via 192.168.0.250'],
    ],
    noNat: [['meta nfproto ipv4 masquerade', 'ip saddr 192.168.0.0/24 masquerade']],
    filter: [
      [
        '\tchain forward_lan { # handle 3\n',
        '\tchain forward_lan { # handle 3\n\t\tip saddr 192.168.0.0/16 ip saddr != 192.168.0.0/24 counter packets 5 bytes 420 drop comment "!fw4: containers" # handle 39\n',
      ],
      [' ip saddr != 192.168.0.0/24', ''],
      ['ip saddr 192.168.0.0/16 counter packets 5', 'ip saddr { 192.168.10.0/24, 192.168.20.0/24 } counter packets 5'],
    ],
    unclear: [
      [
        'iifname "br-lan" jump forward_lan',
        'meta hour "08:00"-"20:00" drop # handle 35\n\t\tiifname "br-lan" jump forward_lan',
      ],
    ],
    addsRoute: /^uci add network route; .*192\.168\.10\.0\/24/,
    named: /forward_lan/,
  },
  edgeos: {
    noReturnRoute: [
      ['192.168.10.0/24 via 192.168.0.2 dev eth1 proto zebra\n', ''],
      ['192.168.20.0/24 via 192.168.0.2 dev eth1 proto zebra\n', ''],
    ],
    wrongNextHop: [
      ['192.168.10.0/24 via 192.168.0.2', '192.168.10.0/24 via 192.168.0.250'],
      ['192.168.20.0/24 via 192.168.0.2', '192.168.20.0/24 via 192.168.0.250'],
    ],
    noNat: [['-A POSTROUTING -s 192.168.0.0/16', '-A POSTROUTING -s 192.168.0.0/24']],
    filter: [
      [
        '[300:20000] -A LAN_IN -m',
        '[5:420] -A LAN_IN -s 192.168.10.0/24 -m comment --comment LAN_IN-10 -j DROP\n[5:420] -A LAN_IN -s 192.168.20.0/24 -m comment --comment LAN_IN-20 -j DROP\n[300:20000] -A LAN_IN -m',
      ],
    ],
    unclear: [
      ['[300:20000] -A LAN_IN -m', '[0:0] -A LAN_IN -m time --timestart 08:00 -j DROP\n[300:20000] -A LAN_IN -m'],
    ],
    addsRoute: /^configure; set protocols static route 192\.168\.10\.0\/24 next-hop 192\.168\.0\.2/,
    named: /LAN_IN/,
  },
  routeros: {
    noReturnRoute: [
      [' 0  As dst-address=192.168.10.0/24', ' 0  Xs dst-address=192.168.10.0/24'],
      [' 1  As dst-address=192.168.20.0/24', ' 1  Is dst-address=192.168.20.0/24'],
    ],
    wrongNextHop: [
      ['gateway=192.168.0.2 immediate-gw=192.168.0.2%', 'gateway=192.168.0.250 immediate-gw=192.168.0.250%'],
    ],
    noNat: [['chain=srcnat action=masquerade', 'chain=srcnat action=masquerade src-address=192.168.0.0/24']],
    filter: [
      [
        ' 6    comment=defconf: drop invalid',
        ' 6    comment=keep containers in chain=forward action=drop src-address-list=containers out-interface-list=WAN\n 9    comment=defconf: drop invalid',
      ],
    ],
    unclear: [
      [
        ' 6    comment=defconf: drop invalid',
        ' 6    chain=forward action=drop layer7-protocol=video\n 9    comment=defconf: drop invalid',
      ],
    ],
    addsRoute: /^\/ip route add dst-address=192\.168\.10\.0\/24 gateway=192\.168\.0\.2$/,
    named: /src-address-list=containers/,
  },
  pfsense: {
    noReturnRoute: [
      ['192.168.10.0/24    192.168.0.2        UGS         9   1500      em1\n', ''],
      ['192.168.20.0/24    192.168.0.2        UGS         9   1500      em1\n', ''],
    ],
    wrongNextHop: [
      ['192.168.10.0/24    192.168.0.2  ', '192.168.10.0/24    192.168.0.250'],
      ['192.168.20.0/24    192.168.0.2  ', '192.168.20.0/24    192.168.0.250'],
    ],
    noNat: [
      ['   192.168.10.0/24\n', ''],
      ['   192.168.20.0/24\n', ''],
    ],
    filter: [['pass in quick on em1 inet from 192.168.0.0/16', 'pass in quick on em1 inet from 192.168.0.0/24']],
    unclear: [
      [
        'pass in quick on em1 proto tcp',
        'block drop in quick on em1 inet from any to any probability 10%\npass in quick on em1 proto tcp',
      ],
    ],
    addsRoute: /^# System > Routing: a gateway 192\.168\.0\.2 on LAN/,
    named: /block drop in log inet all label "Default deny rule IPv4"/,
  },
  cisco: {
    noReturnRoute: [
      ['S     192.168.10.0/24 [1/0] via 192.168.0.2\n', ''],
      ['S     192.168.20.0/24 [1/0] via 192.168.0.2\n', ''],
    ],
    wrongNextHop: [
      ['S     192.168.10.0/24 [1/0] via 192.168.0.2', 'S     192.168.10.0/24 [1/0] via 192.168.0.250'],
      ['S     192.168.20.0/24 [1/0] via 192.168.0.2', 'S     192.168.20.0/24 [1/0] via 192.168.0.250'],
    ],
    noNat: [[' permit 192.168.0.0 0.0.255.255\n', ' permit 192.168.0.0 0.0.0.255\n']],
    filter: [
      [
        ' permit ip 192.168.0.0 0.0.255.255 any\n',
        ' permit ip 192.168.0.0 0.0.0.255 any\n permit icmp any host 192.168.0.1\n',
      ],
    ],
    unclear: [
      [
        ' permit ip 192.168.0.0 0.0.255.255 any\n',
        ' deny ip any any time-range WORK\n permit ip 192.168.0.0 0.0.255.255 any\n',
      ],
    ],
    addsRoute: /^configure terminal ; ip route 192\.168\.10\.0 255\.255\.255\.0 192\.168\.0\.2 ;/,
    named: /the implicit deny at the end of access list FROM-LAN/,
  },
};

/** What is found in a recorded run, as the Docker host and the router's text show it. */
function found(id: string, text: string) {
  return diagnose(withPrinted(id, text)).found.filter(({ cause }) => cause.kind === 'fault');
}

function ids(id: string, text: string): readonly string[] {
  return found(id, text).map(({ cause }) => cause.id);
}

for (const [family, printed] of Object.entries(FAMILIES))
  describe(`what ${family} prints, seen with the Docker host`, () => {
    const text = printedBy(family);

    it('shows nothing wrong where all is right', () => {
      const { found: all, unexplained } = diagnose(withPrinted('article-second-attempt', text));
      expect(all.filter(({ cause }) => cause.kind === 'fault').map(({ cause }) => cause.id)).to.deep.equal([]);
      expect(unexplained).to.deep.equal([]);
    });

    it('shows a missing return route', () => {
      const [first] = found('article-first-attempt', edited(text, printed.noReturnRoute));
      expect(first?.cause.id).to.equal('gateway-missing-return-route');
      expect(first?.ruling.confidence).to.equal('certain');
      expect(first?.remedies[0]?.commands[0]?.run).to.match(printed.addsRoute);
    });

    it('shows a return route with a wrong next hop', () => {
      const [first] = found('l3-gateway-return-route-wrong-next-hop', edited(text, printed.wrongNextHop));
      expect(first?.cause.id).to.equal('gateway-return-route-wrong-next-hop');
      expect(first?.explanation).to.include('192.168.0.250');
    });

    it('shows that the container subnet is not translated', () => {
      expect(ids('comment-gateway-does-not-nat', edited(text, printed.noNat))).to.deep.equal([
        'gateway-no-nat-for-container-subnet',
      ]);
    });

    it('shows a filter that drops the container subnet, and which rule', () => {
      const [first, ...others] = found('l3-gateway-acl', edited(text, printed.filter));
      expect(first?.cause.id).to.equal('gateway-acl-drops-container-subnet');
      expect(others).to.deep.equal([]);
      if (family !== 'openwrt' && family !== 'edgeos')
        expect(first?.remedies[0]?.commands.map(({ run }) => run).join()).not.to.match(/nft|iptables/);
      expect(JSON.stringify(first?.ruling.because).replaceAll('\\"', '"')).to.match(printed.named);
    });

    it('does not guess about a rule that has no translation', () => {
      const { found: all, inconclusive } = diagnose(withPrinted('l3-gateway-acl', edited(text, printed.unclear)));
      expect(all.map(({ cause }) => cause.id)).to.deep.equal([]);
      expect(inconclusive.map(({ cause }) => cause.id)).to.include('gateway-acl-drops-container-subnet');
    });
  });
