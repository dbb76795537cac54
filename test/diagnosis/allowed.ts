import type { PrintedCommand } from '../../src/diagnosis/diagnosis.js';
import type { Facts, Firewall, FirewallRule } from '../../src/evidence/facts.js';

/** A rule that a command puts at the head of a chain. */
export interface Inserted {
  readonly node: string;
  readonly rule: FirewallRule;
}

/** The accepting rule a command inserts; `undefined` where it inserts none. */
export function insertedBy({ on: node, run }: PrintedCommand): Inserted | undefined {
  const nft = /nft '?insert rule (\S+) (\S+) (\S+) (.*?) counter accept/.exec(run);
  const iptables = /(ip6?tables)-(nft|legacy) -t (\S+) -I (\S+) (.*) -j ACCEPT$/.exec(run);
  const rest = { handle: undefined, verdict: 'accept', packets: undefined };
  if (nft) {
    const [, family = '', table = '', chain = '', match = ''] = nft;
    return { node, rule: { backend: 'nftables', family, table, chain, text: `${match} counter accept`, ...rest } };
  }
  if (!iptables) return undefined;
  const [, program, backend, table = '', chain = '', match = ''] = iptables;
  const place = { backend: `iptables-${backend}`, family: program === 'ip6tables' ? 'ip6' : 'ip', table, chain };
  return { node, rule: { ...place, text: `-A ${chain} ${match} -j ACCEPT`, ...rest } as FirewallRule };
}

/** A node's packet filter with what some commands insert there. */
export function withInserted(facts: Partial<Facts>, node: string, commands: readonly PrintedCommand[]): Firewall {
  const firewall = facts.firewall?.[node];
  if (!firewall) throw new Error(`no packet filter of ${node} was seen`);
  const rules = commands.flatMap((command) => insertedBy(command) ?? []).filter((one) => one.node === node);
  return { ...firewall, rules: [...rules.map(({ rule }) => rule), ...firewall.rules] };
}
