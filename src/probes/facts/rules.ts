import type { Rule } from '../../evidence/facts.js';
import { defineFactProbe, isConfigured } from './fact-probe.js';
import { documentOf, STATE, STATE6 } from './network-state.js';

export const rules = defineFactProbe({
  id: 'rules',
  title: 'Policy routing rules, both families',
  establishes: 'rules',
  wanted: isConfigured,
  readings: [STATE, STATE6],
  parse: (printed) => [
    ...parseRules(documentOf(printed.by(STATE), 2), 4),
    ...parseRules(documentOf(printed.outputOf(STATE6).stdout, 1), 6),
  ],
});

interface RuleOutput {
  readonly priority: number;
  readonly not?: unknown;
  readonly src?: string;
  readonly srclen?: number;
  readonly dst?: string;
  readonly dstlen?: number;
  readonly iif?: string;
  readonly oif?: string;
  readonly fwmark?: string;
  readonly fwmask?: string;
  readonly suppress_prefixlen?: number;
  readonly table?: string | number;
  readonly action?: string;
}

/** Selectors that a route lookup of ours does not know, as `ip` names them. */
const OTHERS = [
  'ipproto',
  'sport',
  'dport',
  'uid_start',
  'tos',
  'dsfield',
  'tun_id',
  'l3mdev',
  'suppress_ifgroup',
  'goto',
];

/** `ip -json rule show` of one family, in order of priority. */
export function parseRules(json: string, family: 4 | 6): readonly Rule[] {
  if (json.trim() === '') return [];
  return (JSON.parse(json) as readonly RuleOutput[]).map((rule) =>
    withExtras(rule, {
      family,
      priority: rule.priority,
      from: selector(rule.src, rule.srclen),
      to: selector(rule.dst, rule.dstlen),
      inDevice: rule.iif,
      outDevice: rule.oif,
      mark: rule.fwmask === undefined ? rule.fwmark : `${rule.fwmark}/${rule.fwmask}`,
      inverted: rule.not !== undefined,
      table: rule.table === undefined ? undefined : String(rule.table),
      action: rule.action,
    }),
  );
}

function withExtras(printed: RuleOutput, rule: Rule): Rule {
  const others = OTHERS.filter((name) => name in printed);
  return {
    ...rule,
    ...(printed.suppress_prefixlen === undefined ? {} : { suppressPrefix: printed.suppress_prefixlen }),
    ...(others.length > 0 ? { others } : {}),
  };
}

function selector(address: string | undefined, length: number | undefined): string | undefined {
  if (address === undefined || address === 'all') return undefined;
  return length === undefined ? address : `${address}/${length}`;
}
