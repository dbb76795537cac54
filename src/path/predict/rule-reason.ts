import { ruleBeforeMain } from '../../network/before-main.js';
import type { Reason } from '../reason.js';
import type { Trail } from './trail.js';

/**
 * Why a node's route leads to no good where a policy rule takes what is meant for its own LAN into another link, and no node is
 * known there that could pass it on.
 */
export function reasonOfRule(trail: Trail, node: string): Extract<Reason, { kind: 'rule-before-main' }> | undefined {
  const { destination, source } = trail.packet;
  const taken = ruleBeforeMain(trail.network, node, { destination, source });
  if (!taken || (taken.hop.kind === 'via' && trail.holder(taken.hop.gateway, node))) return undefined;
  const { rule, hop } = taken;
  return {
    kind: 'rule-before-main',
    node,
    destination,
    priority: rule.priority,
    table: rule.table ?? '',
    device: hop.device,
  };
}
