import type { Facts } from '../../../evidence/facts.js';
import { hasChain, withFilterRule } from '../../../network/edit/firewall.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import { familyOf } from '../../../ip.js';
import type { ChainPlace } from '../../../network/packet-filter.js';
import { embedded } from '../../../shell.js';
import type { Command } from '../../command.js';
import { nftFamily } from './filter-match.js';
import { iptablesAccept, nftRule } from './filter-rule.js';

/**
 * What a NAT chain does with the source address of packets from a subnet that leave through a device. `except`: it is not
 * translated, which opens nothing. `masquerade`: it is; for chains of nftables only.
 */
export interface NatChange {
  readonly kind: 'nat';
  readonly on: string;
  readonly do: 'except' | 'masquerade';
  readonly at: ChainPlace;
  readonly subnet: string;
  readonly device: string;
}

export function renderNat({ on: node, do: action, at, subnet, device }: NatChange): readonly Command[] {
  const saddr = embedded`${nftFamily(subnet)} saddr ${subnet}`;
  if (action === 'masquerade') {
    const rule = embedded`${saddr} oifname "${device}" masquerade`;
    return [nftRule(at, { node, rule, mark: subnet, where: 'add' })];
  }
  if (at.backend === 'nftables') {
    const rule = embedded`oifname "${device}" ${saddr} counter accept`;
    return [nftRule(at, { node, rule, mark: subnet, where: 'insert' })];
  }
  const match = [embedded`-s`, embedded`${subnet}`, embedded`-o`, embedded`${device}`];
  return [iptablesAccept(at, { node, family: familyOf(subnet) ?? 4, match })];
}

export function applyNat(facts: Partial<Facts>, { on: node, do: action, at, subnet, device }: NatChange): Applied {
  const unseen = unseenPart(facts, node, 'firewall');
  if (unseen) return unseen;
  if (!hasChain(facts, node, at)) return rejected({ kind: 'no-such-chain', node, ...at });
  const saddr = `${nftFamily(subnet)} saddr ${subnet} oifname "${device}"`;
  if (action === 'masquerade') {
    const rule = { text: `${saddr} masquerade`, verdict: 'masquerade' };
    return applied(withFilterRule(facts, { node, at, where: 'end' }, rule));
  }
  const text = at.backend === 'nftables' ? `${saddr} counter accept` : `-s ${subnet} -o ${device} -j ACCEPT`;
  return applied(withFilterRule(facts, { node, at, where: 'head' }, { text, verdict: 'accept' }));
}
