import type { Facts } from '../../../evidence/facts.js';
import { sameAddress } from '../../../ip.js';
import { onNode } from '../../../network/edit/on-node.js';
import { applied, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Deletes a neighbour entry, so that the node asks by ARP again. */
export interface NeighbourChange {
  readonly kind: 'neighbour';
  readonly on: string;
  readonly device: string;
  readonly address: string;
  /** The MAC address it had, and whether an administrator bound it there. Absent: there is no undo. */
  readonly was?: { readonly mac: string; readonly permanent: boolean } | undefined;
}

export function renderNeighbour({ on: node, device, address, was }: NeighbourChange): readonly Command[] {
  const undo =
    was && sh`ip neigh replace ${address} lladdr ${was.mac} dev ${device} nud ${was.permanent ? 'permanent' : 'stale'}`;
  return [on(node, sh`ip neigh del ${address} dev ${device}`, undo)];
}

export function applyNeighbour(facts: Partial<Facts>, { on: node, device, address }: NeighbourChange): Applied {
  return applied(
    onNode(facts, ['neighbours', node], (entries) =>
      entries.filter((one) => one.device !== device || !sameAddress(one.address, address)),
    ),
  );
}
