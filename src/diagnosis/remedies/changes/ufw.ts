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
