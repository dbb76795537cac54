import { expect } from 'chai';
import type { Firewall, FirewallChain, FirewallRule } from '../../src/evidence/facts.js';
import { filtered } from '../../src/network/filter.js';

const place = { backend: 'nftables', family: 'ip', table: 'filter' } as const;
const base = (chain: string, hook: string, rest: Partial<FirewallChain> = {}): FirewallChain => ({
  ...place,
  chain,
  hook,
  priority: 0,
  type: 'filter',
  policy: 'accept',
  policyPackets: undefined,
  ...rest,
});
const rule = (chain: string, text: string, verdict: string | undefined = /\w+$/.exec(text)?.[0]): FirewallRule => ({
  ...place,
  chain,
  handle: 7,
  text,
  verdict,
  packets: undefined,
});
const firewall = (chains: readonly FirewallChain[], rules: readonly FirewallRule[] = []): Firewall => ({
  readable: ['nftables'],
  chains,
  rules,
  sets: [{ family: 'ip', table: 'filter', name: 'bad', elements: ['10.66.0.0/16', '8.8.8.8'] }],
});
const packet = { source: '192.168.10.10', destination: '8.8.8.8', outDevice: 'enp0s3', protocol: 'icmp' };
const output = base('output', 'output');
const told = (rules: readonly FirewallRule[], chains = [output]) =>
  filtered(firewall(chains, rules), ['output'], packet);

describe('what a packet filter does', () => {
  it('passes what no rule matches, or blocks it by policy, which is named', () => {
    expect(told([])).to.deep.equal({ kind: 'passes' });
    expect(told([], [base('output', 'output', { policy: 'drop' })])).to.deep.include({
      kind: 'blocks',
      by: { kind: 'policy', place: { ...place, chain: 'output' } },
    });
  });

  const drops: readonly (readonly [string, string])[] = [
    ['a source', 'ip saddr 192.168.10.0/24 drop'],
    ['a source that is not another', 'ip saddr != 10.0.0.0/8 drop'],
    ['a set, with a log statement before the verdict', 'ip daddr @bad log prefix "x y" level warn drop'],
    ['an interface', 'oifname "enp0s3" counter drop'],
    ['a protocol', 'meta l4proto icmp drop'],
    ['iptables’ words', '-A OUTPUT -s 192.168.10.0/24 -o enp+ -p icmp -j DROP'],
    ['iptables’ words with a comment', '-A OUTPUT -s 192.168.10.0/24 -m comment --comment "no containers" -j DROP'],
    ['everything', 'counter drop'],
  ];
  for (const [name, text] of drops)
    it(`blocks by ${name}`, () => {
      expect(told([rule('output', text, 'drop')])).to.deep.include({ kind: 'blocks' });
    });

  const passes: readonly (readonly [string, string])[] = [
    ['another source', 'ip saddr 10.0.0.0/8 drop'],
    ['another interface', 'oifname "wg0" drop'],
    ['another protocol', 'meta l4proto udp drop'],
    ['a port, when the packet has none', 'tcp dport 443 drop'],
    ['a set that does not hold it', 'ip saddr @bad drop'],
    ['iptables’ words', '-A OUTPUT ! -s 192.168.10.0/24 -j DROP'],
  ];
  for (const [name, text] of passes)
    it(`does not match a rule about ${name}`, () => {
      expect(told([rule('output', text, 'drop')])).to.deep.equal({ kind: 'passes' });
    });

  it('does not guess about what it cannot read', () => {
    expect(told([rule('output', 'ct state new drop')])).to.deep.include({ kind: 'unknown' });
    expect(told([rule('output', 'meta skuid != 0 drop'), rule('output', 'drop')])).to.deep.include({ kind: 'blocks' });
    expect(told([rule('output', 'ct state established accept'), rule('output', 'drop')])).to.deep.include({
      kind: 'unknown',
    });
    expect(told([rule('output', 'ct state new drop'), rule('output', 'accept')])).to.deep.include({ kind: 'unknown' });
  });

  it('knows the connection tracking state of a packet, where its path tells', () => {
    const stateful = (text: string, state: 'new' | 'established' | 'invalid') =>
      filtered(firewall([output], [rule('output', text, / vmap /.test(text) ? 'vmap' : 'drop')]), ['output'], {
        ...packet,
        state,
      }).kind;
    expect(stateful('ct state { new, invalid } drop', 'new')).to.equal('blocks');
    expect(stateful('ct state new drop', 'invalid')).to.equal('passes');
    expect(stateful('-A OUTPUT -m conntrack --ctstate INVALID -j DROP', 'invalid')).to.equal('blocks');
    expect(stateful('ct state vmap { established : accept, invalid : drop }', 'invalid')).to.equal('blocks');
    expect(stateful('ct state vmap { established : accept, invalid : drop }', 'new')).to.equal('passes');
  });

  it('follows jumps, and returns', () => {
    const jump = rule('output', 'ip saddr 192.168.10.0/24 jump guard', 'jump guard');
    expect(told([jump, rule('guard', 'ip daddr 8.8.8.8 drop')])).to.deep.include({ kind: 'blocks' });
    expect(told([jump, rule('guard', 'return'), rule('guard', 'drop')])).to.deep.equal({ kind: 'passes' });
    expect(told([rule('output', 'jump guard', 'jump guard'), rule('guard', 'jump guard', 'jump guard')])).to.deep.equal(
      {
        kind: 'passes',
      },
    );
  });

  it('asks every base chain of the hooks: an accept in one stops no other', () => {
    const late = base('late', 'output', { priority: 10 });
    expect(told([rule('output', 'accept'), rule('late', 'drop')], [output, late])).to.deep.include({ kind: 'blocks' });
  });

  it('never asks chains of other hooks, of NAT, or of the other family', () => {
    const chains = [base('f', 'forward', { policy: 'drop' }), base('n', 'output', { type: 'nat', policy: 'drop' })];
    expect(filtered(firewall(chains), ['output'], packet)).to.deep.equal({ kind: 'passes' });
    const six = base('six', 'output', { family: 'ip6', policy: 'drop' });
    expect(filtered(firewall([six]), ['output'], packet)).to.deep.equal({ kind: 'passes' });
  });

  it('knows ports by their ranges', () => {
    const asked = { ...packet, protocol: 'tcp', port: 8080 };
    const answer = (text: string) => filtered(firewall([output], [rule('output', text, 'drop')]), ['output'], asked);
    expect(answer('tcp dport 8000-9000 drop')).to.include({ kind: 'blocks' });
    expect(answer('-A OUTPUT -p tcp -m tcp --dport 8000: -j DROP')).to.include({ kind: 'blocks' });
    expect(answer('tcp dport 1-1023 drop')).to.include({ kind: 'passes' });
  });

  it('takes a port of TCP for none of UDP', () => {
    const toPort = (protocol: string) =>
      filtered(firewall([output], [rule('output', 'tcp dport 53 drop')]), ['output'], {
        ...packet,
        protocol,
        port: 53,
      });
    expect(toPort('udp')).to.deep.equal({ kind: 'passes' });
    expect(toPort('tcp')).to.deep.include({ kind: 'blocks' });
  });

  it('does not know what becomes of a packet that a rule without a translation may take, whatever follows', () => {
    const unclear = rule('output', 'unclear', 'unclear');
    const word = rule('output', 'ip saddr 192.168.10.0/24 unclear accept', 'accept');
    const closed = [base('output', 'output', { policy: 'drop' })];
    expect(told([unclear])).to.include({ kind: 'unknown' });
    expect(told([unclear], closed)).to.include({ kind: 'unknown' });
    expect(told([word], closed)).to.include({ kind: 'unknown' });
    expect(told([rule('output', 'accept'), unclear])).to.include({ kind: 'passes' });
  });

  it('names a rule of a router as the router prints it', () => {
    const own = { ...rule('output', 'ip saddr 192.168.10.0/24 drop'), printed: 'deny ip 192.168.10.0 0.0.0.255 any' };
    expect(told([own])).to.have.nested.property('by.rule', 'deny ip 192.168.10.0 0.0.0.255 any');
  });
});
