import { expect } from 'chai';
import type { Firewall, FirewallChain, FirewallRule } from '../../src/evidence/facts.js';
import { destinationNat } from '../../src/network/destination-nat.js';

const place = { backend: 'nftables', family: 'ip', table: 'site' } as const;
const base = (rest: Partial<FirewallChain> = {}): FirewallChain => ({
  ...{ ...place, chain: 'pre', hook: 'prerouting', priority: -100, type: 'nat', policy: 'accept' },
  policyPackets: undefined,
  ...rest,
});
const jumped = base({ chain: 'lan', hook: undefined, priority: undefined, type: undefined, policy: undefined });
const rule = (text: string, rest: Partial<FirewallRule> = {}): FirewallRule => ({
  ...{ ...place, chain: 'pre', handle: 7, text, packets: undefined },
  verdict: /(?:jump|goto) \S+$|\b(?:accept|return|dnat|redirect)\b/.exec(text)?.[0],
  ...rest,
});
const told = (rules: readonly FirewallRule[], chains: readonly FirewallChain[] = [base(), jumped]) => {
  const firewall: Firewall = { readable: ['nftables'], chains, rules };
  const packet = { source: '192.168.0.50', destination: '192.168.30.10', inDevice: 'lan0', protocol: 'udp', port: 53 };
  const redirect = destinationNat(firewall, packet);
  return redirect && { ...redirect, by: 'rule' in redirect.by ? redirect.by.rule : redirect.by.kind };
};

describe('a rule that changes the destination', () => {
  const redirect = 'iifname "lan0" udp dport 53 counter redirect to :53';

  it('sends a packet to the node itself, or to the address it names', () => {
    expect(told([rule(redirect)])).to.deep.equal({ by: redirect, to: undefined });
    expect(told([rule('udp dport 53 dnat to 192.168.0.5:53')])?.to).to.equal('192.168.0.5');
    expect(told([rule('udp dport 53 dnat ip to 192.168.0.5')])?.to).to.equal('192.168.0.5');
    const iptables = '-A pre -i lan0 -p udp -m udp --dport 53 -j DNAT --to-destination 192.168.0.6:5353';
    expect(told([rule(iptables, { verdict: 'dnat' })])?.to).to.equal('192.168.0.6');
    const printed = 'chain=dstnat action=dst-nat to-addresses=192.168.0.7 protocol=udp dst-port=53';
    expect(told([rule('udp dport 53 dnat', { printed })])?.to).to.equal('192.168.0.7');
  });

  it('is found behind jumps, with what their rules ask for', () => {
    const inLan = rule('udp dport 53 redirect to :53', { chain: 'lan' });
    expect(told([rule('iifname "lan0" jump lan'), inLan])?.by).to.equal(inLan.text);
    expect(told([rule('iifname "lan1" jump lan'), inLan])).to.equal(undefined);
  });

  const passes: Readonly<Record<string, readonly FirewallRule[]>> = {
    'another port': [rule('udp dport 54 redirect to :53')],
    'another protocol': [rule('tcp dport 53 redirect to :53')],
    'another link': [rule('iifname "lan1" udp dport 53 redirect to :53')],
    'another destination': [rule('ip daddr != 192.168.30.10 udp dport 53 redirect to :53')],
    'what an accept before it takes': [rule('ip daddr 192.168.30.10 udp dport 53 accept'), rule(redirect)],
    'what a return before it takes': [rule('ip daddr 192.168.30.10 return'), rule(redirect)],
    'its target, with another port': [rule('udp dport 53 dnat to 192.168.30.10:5353')],
    'what an accept before it may take': [rule('meta mark 0x1 accept'), rule(redirect)],
    'what it may not match': [rule('udp dport 53 meta mark 0x1 redirect to :53')],
  };
  for (const [name, rules] of Object.entries(passes))
    it(`leaves alone ${name}`, () => {
      expect(told(rules)).to.equal(undefined);
    });

  it('counts only in a chain of NAT that packets cross as they come in', () => {
    expect(told([rule(redirect)], [base({ hook: 'output' })])).to.equal(undefined);
    expect(told([rule(redirect)], [base({ type: 'filter' })])).to.equal(undefined);
  });
});
