import type { Facts } from '../../../evidence/facts.js';
import { hasChain, withFilterRule } from '../../../network/edit/firewall.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import { embedded, embeddedList, sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import type { Traffic } from '../traffic.js';
import { iptablesMatch } from './filter-match.js';

/** Accepts traffic before ufw's own rules. ufw's commands know the host's addresses only: its rules about others are lines of a file. */
export interface UfwChange {
  readonly kind: 'ufw';
  readonly on: string;
  readonly way: 'out' | 'in';
  readonly traffic: Traffic;
}

export function renderUfw({ on: node, way, traffic }: UfwChange): readonly Command[] {
  const six = traffic.family === 6 ? embedded`6` : embedded``;
  const chain = embedded`ufw${six}-before-${way === 'out' ? 'output' : 'input'}`;
  const script = embedded`/^# End required lines/a -A ${chain} ${embeddedList(iptablesMatch(traffic), ' ')} -j ACCEPT`;
  return [on(node, sh`sed -i ${script} ${embedded`/etc/ufw/before${six}.rules`} && ufw reload`)];
}

export function applyUfw(facts: Partial<Facts>, { on: node, way, traffic }: UfwChange): Applied {
  const unseen = unseenPart(facts, node, 'firewall');
  if (unseen) return unseen;
  const six = traffic.family === 6;
  const chain = `ufw${six ? '6' : ''}-before-${way === 'out' ? 'output' : 'input'}`;
  const at = facts.firewall?.[node]?.chains.find(
    (one) => one.chain === chain && one.table === 'filter' && one.family === (six ? 'ip6' : 'ip'),
  );
  if (!at || !hasChain(facts, node, at)) return rejected({ kind: 'no-such-chain', node, table: 'filter', chain });
  const words = iptablesMatch(traffic).map(({ key }) => key);
  const text = [...words, '-j ACCEPT'].join(' ');
  return applied(withFilterRule(facts, { node, at, where: 'head' }, { text, verdict: 'accept' }));
}
