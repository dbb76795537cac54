import type { Facts } from '../../../evidence/facts.js';
import { hasChain, withFilterRule } from '../../../network/edit/firewall.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import { createHash } from 'node:crypto';
import type { ChainPlace } from '../../../network/packet-filter.js';
import { embedded, type Embedded } from '../../../shell.js';
import type { Command } from '../../command.js';
import type { Traffic } from '../traffic.js';
import { iptablesMatch, nftMatch } from './filter-match.js';
import { iptablesAccept, nftRule } from './filter-rule.js';

/** Accepts traffic at the head of one chain of a packet filter. It may be made again without doing it twice. */
export interface AllowChange {
  readonly kind: 'allow';
  readonly on: string;
  readonly at: ChainPlace;
  readonly traffic: Traffic;
}

export function renderAllow({ on: node, at, traffic }: AllowChange): readonly Command[] {
  if (at.backend !== 'nftables')
    return [iptablesAccept(at, { node, family: traffic.family, match: iptablesMatch(traffic) })];
  const match = nftMatch(traffic);
  const mark = `allow ${digest(match)}`;
  return [nftRule(at, { node, rule: embedded`${match} counter accept`, mark, where: 'insert' })];
}

/** The rule's own name: a comment of nftables holds 128 bytes, and a match may be longer. */
function digest(match: Embedded): string {
  return createHash('sha256').update(match.key).digest('hex').slice(0, 12);
}

export function applyAllow(facts: Partial<Facts>, { on: node, at, traffic }: AllowChange): Applied {
  const unseen = unseenPart(facts, node, 'firewall');
  if (unseen) return unseen;
  if (!hasChain(facts, node, at)) return rejected({ kind: 'no-such-chain', node, ...at });
  const match =
    at.backend === 'nftables'
      ? nftMatch(traffic).key
      : iptablesMatch(traffic)
          .map(({ key }) => key)
          .join(' ');
  const text = at.backend === 'nftables' ? `${match} counter accept` : `${match} -j ACCEPT`;
  return applied(withFilterRule(facts, { node, at, where: 'head' }, { text, verdict: 'accept' }));
}
