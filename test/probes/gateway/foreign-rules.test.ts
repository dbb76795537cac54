import { expect } from 'chai';
import type { Firewall } from '../../../src/evidence/facts.js';
import { filtered } from '../../../src/network/filter.js';
import type { Passing } from '../../../src/network/rule-match.js';
import { sourceNat } from '../../../src/network/source-nat.js';
import { factsOf, LINKS, type Edits } from './read.js';

/** What a firewall does with a packet from the LAN to the internet. */
function outcome(
  firewall: Firewall,
  packet: Partial<Passing> = {},
  [lan = '', wan = '']: readonly string[] = [],
): string {
  const asked = { source: '192.168.10.10', destination: '8.8.8.8', inDevice: lan, outDevice: wan, ...packet };
  return filtered(firewall, ['forward'], asked).kind;
}

describe('rules of pf', () => {
  const [pass] = [
    'pass in quick on em1 inet from 192.168.0.0/16 to any flags S/SA keep state label "USER_RULE: Default allow LAN to any rule" ridentifier 0100000101',
  ];
  const with_ = (...rules: readonly string[]) => factsOf('pfsense', [[pass ?? '', rules.join('\n')]]).firewall;

  it('decide by the last that matches, but for quick ones', () => {
    const rules = ['pass in on em1 inet all keep state', 'block drop in on em1 inet from 192.168.10.0/24 to any'];
    expect(outcome(with_(...rules), { state: 'new' }, LINKS['pfsense'])).to.equal('blocks');
    expect(outcome(with_(...[...rules].reverse()), { state: 'new', protocol: 'icmp' }, LINKS['pfsense'])).to.equal(
      'passes',
    );
    const quick = 'block drop in quick on em1 inet from 192.168.10.0/24 to any';
    expect(outcome(with_(quick, 'pass in on em1 inet all keep state'), { state: 'new' }, LINKS['pfsense'])).to.equal(
      'blocks',
    );
  });

  it('let TCP pass only from its beginning', () => {
    const { firewall } = factsOf('pfsense');
    expect(outcome(firewall, { protocol: 'tcp', state: 'invalid' }, LINKS['pfsense'])).to.equal('blocks');
    expect(outcome(firewall, { protocol: 'icmp', state: 'invalid' }, LINKS['pfsense'])).to.equal('passes');
  });

  it('are not known where an anchor was not printed', () => {
    const text: Edits = [['anchor "openvpn/*" all {\n}', 'anchor "openvpn/*" all']];
    expect(outcome(factsOf('pfsense', text).firewall, { state: 'new' }, LINKS['pfsense'])).to.equal('unknown');
  });

  it('filter nothing where pf is disabled', () => {
    const { firewall } = factsOf('pfsense', [['Status: Enabled', 'Status: Disabled']]);
    expect(outcome(firewall, { state: 'new' }, LINKS['pfsense'])).to.equal('passes');
    expect(sourceNat(firewall, { source: '192.168.0.2', device: 'em0' }).answer).to.equal('no');
  });
});

describe('rules of RouterOS', () => {
  const filter = (rule: string) =>
    factsOf('routeros', [[' 6    comment=defconf: drop invalid', ` 6    ${rule}\n 9    comment=defconf: drop invalid`]])
      .firewall;

  const drops = [
    'chain=forward action=drop src-address=!192.168.0.0/24 in-interface-list=LAN',
    'chain=forward action=reject reject-with=icmp-network-unreachable out-interface=ether1 protocol=icmp',
    'chain=forward action=jump jump-target=containers\n 7    chain=containers action=drop src-address-list=containers',
    'chain=forward action=drop in-interface-list=!WAN connection-state=new',
  ];
  for (const rule of drops)
    it(`drop by ${rule.replaceAll(/\s+/g, ' ')}`, () => {
      expect(outcome(filter(rule), { state: 'new', protocol: 'icmp' }, LINKS['routeros'])).to.equal('blocks');
    });

  it('do not drop what they do not select', () => {
    const rules = [
      'chain=forward action=drop dst-port=80,443 protocol=tcp',
      'chain=forward action=drop in-interface-list=none',
    ];
    for (const rule of rules)
      expect(outcome(filter(rule), { state: 'new', protocol: 'icmp' }, LINKS['routeros'])).to.equal('passes');
  });

  it('of routing are not known where mangle chooses tables', () => {
    const marks: Edits = [
      [' 0    chain=forward action=change-mss', ' 0    chain=prerouting action=mark-routing new-routing-mark=x'],
    ];
    const { rules, missing } = factsOf('routeros', marks);
    expect(rules).to.equal(undefined);
    expect(missing.map(({ fact, reason }) => `${fact}: ${reason}`).join()).to.match(
      /rules: mangle rules choose routing tables/,
    );
  });

  it('are strict about reverse paths where its settings say so', () => {
    const { sysctls } = factsOf('routeros', [['rp-filter: no', 'rp-filter: strict']]);
    expect(sysctls).to.include({ 'net.ipv4.conf.all.rp_filter': '1' });
  });
});

describe('access lists of IOS', () => {
  const list = (...entries: readonly string[]) =>
    factsOf('cisco', [[' permit ip 192.168.0.0 0.0.255.255 any\n!', ` ${entries.join('\n ')}\n!`]]).firewall;
  const icmp: Partial<Passing> = { state: 'new', protocol: 'icmp', icmp: 'echo-request' };

  it('deny what no entry permits', () => {
    expect(outcome(list('permit tcp any any eq www', 'permit udp any any eq domain'), icmp, LINKS['cisco'])).to.equal(
      'blocks',
    );
    expect(outcome(list('permit icmp any any echo'), icmp, LINKS['cisco'])).to.equal('passes');
    expect(outcome(list('deny ip host 192.168.10.10 any', 'permit ip any any'), icmp, LINKS['cisco'])).to.equal(
      'blocks',
    );
  });

  it('are not known with a wildcard that is no subnet, or words without a translation', () => {
    const odd = ['deny ip 192.168.0.0 0.0.254.255 any', 'deny ip object-group SERVERS any', 'deny ip any any dscp ef'];
    for (const entry of odd)
      expect(outcome(list(entry, 'permit ip any any'), icmp, LINKS['cisco'])).to.equal('unknown');
  });

  it('are not known beside zones', () => {
    const { firewall } = factsOf('cisco', [[' ip access-group FROM-LAN in\n', ' zone-member security INSIDE\n']]);
    expect(outcome(firewall, icmp, LINKS['cisco'])).to.equal('unknown');
  });

  it('that are named and not there let everything pass', () => {
    const { firewall } = factsOf('cisco', [[' ip access-group FROM-LAN in\n', ' ip access-group NOWHERE in\n']]);
    expect(outcome(firewall, icmp, LINKS['cisco'])).to.equal('passes');
  });

  it('translate nothing where no interface is inside, and say nothing certain of a route map', () => {
    const inside = factsOf('cisco', [[' ip nat inside\n', '']]).firewall;
    const asked = { source: '192.168.10.10', device: 'GigabitEthernet0/1' };
    expect(sourceNat(inside, asked).answer).to.equal('no');
    const map = factsOf('cisco', [['source list NAT interface', 'source route-map NAT interface']]).firewall;
    expect(sourceNat(map, asked).answer).to.equal('unknown');
  });

  it('leave routing rules out where a policy chooses routes', () => {
    const { rules, missing } = factsOf('cisco', [
      [' ip nat inside\n ip virtual-reassembly in', ' ip policy route-map PBR\n ip nat inside'],
    ]);
    expect(rules).to.equal(undefined);
    expect(missing.map(({ reason }) => reason).join()).to.include('ip policy route-map PBR');
  });
});
