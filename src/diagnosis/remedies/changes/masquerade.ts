import type { Facts } from '../../../evidence/facts.js';
import { withChain, withFilterRule } from '../../../network/edit/firewall.js';
import { applied, unseenPart, type Applied } from '../applied.js';
import { familyOf } from '../../../ip.js';
import { embedded, sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Translates the source of what a subnet sends beyond itself through a device, with iptables. */
export interface MasqueradeChange {
  readonly kind: 'masquerade';
  readonly on: string;
  readonly subnet: string;
  readonly device: string;
}

export function renderMasquerade({ on: node, subnet, device }: MasqueradeChange): readonly Command[] {
  const program = familyOf(subnet) === 6 ? sh`ip6tables` : sh`iptables`;
  const rule = sh`POSTROUTING -s ${subnet} ! -d ${subnet} -o ${embedded`${device}`} -j MASQUERADE`;
  return [on(node, sh`${program} -t nat -A ${rule}`, sh`${program} -t nat -D ${rule}`)];
}

/** In the chain of iptables that is there, or that iptables creates. */
export function applyMasquerade(facts: Partial<Facts>, { on: node, subnet, device }: MasqueradeChange): Applied {
  const unseen = unseenPart(facts, node, 'firewall');
  if (unseen) return unseen;
  const family = familyOf(subnet) === 6 ? 'ip6' : 'ip';
  const known = facts.firewall?.[node]?.chains.find(
    (one) => one.hook === 'postrouting' && one.table === 'nat' && one.chain === 'POSTROUTING' && one.family === family,
  );
  const at = known ?? { backend: 'iptables-nft' as const, family, table: 'nat', chain: 'POSTROUTING' };
  const chain = { ...at, hook: 'postrouting', priority: 100, type: 'nat', policy: 'accept', policyPackets: undefined };
  const text = `-s ${subnet} ! -d ${subnet} -o ${device} -j MASQUERADE`;
  return applied(
    withFilterRule(withChain(facts, node, chain), { node, at, where: 'end' }, { text, verdict: 'masquerade' }),
  );
}
