import { familyOf } from '../ip.js';
import type { Place } from '../path/packet-filter.js';
import { on, type Command } from './cause.js';

/** What is let through on a node. */
export interface Pass {
  readonly node: string;
  readonly subnets: readonly string[];
  /** The interface it leaves or comes in by; whichever when absent. */
  readonly device?: string | undefined;
  /** Whether the subnets are where it comes from, or where it goes: anything, or answers only. Absent: where it comes from. */
  readonly side?: 'from' | 'to' | 'answers-to';
}

/**
 * Accepts subnets at the head of one chain. It has to be the very chain that decides otherwise: an accept in one base
 * chain does not stop what another one of the same hook does. Each command may be run again without doing it twice.
 */
export function acceptAtHead(place: Place, pass: Pass): readonly Command[] {
  const { node, subnets, device, side = 'from' } = pass;
  const family = { ip: 4, ip6: 6 }[place.family];
  return subnets
    .filter((subnet) => family === undefined || family === familyOf(subnet))
    .map((subnet) => {
      if (place.backend !== 'nftables') return iptablesAccept(place, subnet, pass);
      const [way, address] = side === 'from' ? ['oifname', 'saddr'] : ['iifname', 'daddr'];
      const match = `${device === undefined ? '' : `${way} "${device}" `}${nftFamily(subnet)} ${address} ${subnet}`;
      const answers = side === 'answers-to' ? ' ct state established,related' : '';
      const mark = side === 'from' ? subnet : `${side} ${subnet}`;
      return nftRule(place, { node, rule: `${match}${answers} counter accept`, mark, where: 'insert' });
    });
}

function iptablesAccept(
  { backend, table, chain }: Place,
  subnet: string,
  { node, device, side = 'from' }: Pass,
): Command {
  const program = `${familyOf(subnet) === 6 ? 'ip6tables' : 'iptables'}-${backend === 'iptables-legacy' ? 'legacy' : 'nft'}`;
  const [address, way] = side === 'from' ? ['-s', '-o'] : ['-d', '-i'];
  const answers = side === 'answers-to' ? ' -m conntrack --ctstate RELATED,ESTABLISHED' : '';
  const rule = `${chain} ${address} ${subnet}${device === undefined ? '' : ` ${way} ${device}`}${answers} -j ACCEPT`;
  return on(
    node,
    `${program} -t ${table} -C ${rule} 2>/dev/null || ${program} -t ${table} -I ${rule}`,
    `${program} -t ${table} -D ${rule}`,
  );
}

/** A rule to put into a chain; `mark` becomes part of its comment, by which its undo finds it. */
export interface NewRule {
  readonly node: string;
  readonly rule: string;
  readonly mark: string;
  readonly where: 'insert' | 'add';
}

export function nftRule({ family, table, chain }: Place, { node, rule, mark, where }: NewRule): Command {
  const at = `${family} ${table} ${chain}`;
  const comment = `ipvlan-doctor ${mark}`;
  return on(
    node,
    `nft list chain ${at} | grep -qF '"${comment}"' || nft '${where} rule ${at} ${rule} comment "${comment}"'`,
    `for h in $(nft -a list chain ${at} | sed -n 's|.*"${comment}" # handle ||p'); do nft delete rule ${at} handle $h; done`,
  );
}

/** nftables' word for the family of an address: `ip saddr`, `ip6 saddr`. */
export function nftFamily(address: string): 'ip' | 'ip6' {
  return familyOf(address) === 6 ? 'ip6' : 'ip';
}
