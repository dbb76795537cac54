import type { Facts } from '../../../evidence/facts.js';
import { withChain } from '../../../network/edit/firewall.js';
import { applied, unseenPart, type Applied } from '../applied.js';
import { embedded, sh } from '../../../shell.js';
import type { ChainPlace } from '../../../network/packet-filter.js';
import { on, type Command } from '../../command.js';

/** Creates a table of nftables with a chain that translates IPv4 sources, on a node that has none. */
export interface NatChainChange {
  readonly kind: 'nat-chain';
  readonly on: string;
  readonly at: ChainPlace;
}

export function renderNatChain({ on: node, at: { table, chain } }: NatChainChange): readonly Command[] {
  return [
    on(
      node,
      sh`nft ${embedded`add table ip ${table}; add chain ip ${table} ${chain} { type nat hook postrouting priority srcnat; }`}`,
      sh`nft delete table ip ${table}`,
    ),
  ];
}

export function applyNatChain(facts: Partial<Facts>, { on: node, at }: NatChainChange): Applied {
  return unseenPart(facts, node, 'firewall') ?? applied(withChain(facts, node, { ...at, ...NAT_CHAIN }));
}

const NAT_CHAIN = { hook: 'postrouting', priority: 100, type: 'nat', policy: 'accept', policyPackets: undefined };
