import { isRule, withoutRuleOn, withRuleOn } from '../../../network/edit/routes.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import type { Facts, Rule } from '../../../evidence/facts.js';
import { sh, type ShellCommand, type Word } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import { ipFor } from '../ip-command.js';

/** A policy rule as `ip rule` takes it. */
export interface PolicyRuleSpec {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly table?: string | number | undefined;
  readonly suppressPrefix?: number | undefined;
  /** `unreachable`, `blackhole`, `prohibit`; absent for a lookup. */
  readonly action?: string | undefined;
}

export interface PolicyRuleChange {
  readonly kind: 'policy-rule';
  readonly on: string;
  readonly do: 'add' | 'delete';
  readonly rule: PolicyRuleSpec;
}

/** Deletes a rule that was seen. Where it selects by more than a change can say, only its priority names it, and there is no undo. */
export function deleteRule(node: string, rule: Rule): PolicyRuleChange | Command {
  const { family, priority, from, to, table, suppressPrefix, action } = rule;
  const { inDevice, outDevice, mark, inverted, others = [] } = rule;
  const selectsMore = inverted || others.length > 0 || [inDevice, outDevice, mark].some((one) => one !== undefined);
  return selectsMore
    ? on(node, sh`${ipFor(family)} rule del priority ${priority}`)
    : {
        kind: 'policy-rule',
        on: node,
        do: 'delete',
        rule: { family, priority, from, to, table, suppressPrefix, action },
      };
}

export function renderPolicyRule({ on: node, do: action, rule }: PolicyRuleChange): readonly Command[] {
  const [add, remove] = [command('add', rule), command('del', rule)];
  return [action === 'add' ? on(node, add, remove) : on(node, remove, add)];
}

function command(
  verb: string,
  { family, from, to, priority, table, suppressPrefix, action }: PolicyRuleSpec,
): ShellCommand {
  const words: readonly Word[] = [
    ...(from === undefined ? [] : [sh`from ${from}`]),
    ...(to === undefined ? [] : [sh`to ${to}`]),
    sh`priority ${priority}`,
    ...(table === undefined ? [] : [sh`lookup ${table}`]),
    ...(suppressPrefix === undefined ? [] : [sh`suppress_prefixlength ${suppressPrefix}`]),
    ...(action === undefined ? [] : [action]),
  ];
  return sh`${ipFor(family)} rule ${verb} ${words}`;
}

export function applyPolicyRule(
  facts: Partial<Facts>,
  { on: node, do: action, rule: spec }: PolicyRuleChange,
): Applied {
  const unseen = unseenPart(facts, node, 'rules');
  if (unseen) return unseen;
  const { family, priority, from, to, suppressPrefix, action: type } = spec;
  const table = spec.table === undefined ? undefined : String(spec.table);
  const selectors = { from, to, inDevice: undefined, outDevice: undefined, mark: undefined, inverted: false };
  if (action === 'add') {
    const prefix = suppressPrefix === undefined ? {} : { suppressPrefix };
    return applied(withRuleOn(facts, node, { family, priority, ...selectors, table, action: type, ...prefix }));
  }
  const key = { family, priority, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const known = facts.rules?.[node]?.some((rule) => isRule(rule, key));
  return known ? applied(withoutRuleOn(facts, node, key)) : rejected({ kind: 'no-such-rule', node, priority });
}
