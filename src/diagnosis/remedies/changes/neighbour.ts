import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Deletes a neighbour entry, so that the node asks by ARP again. */
export interface NeighbourChange {
  readonly kind: 'neighbour';
  readonly on: string;
  readonly device: string;
  readonly address: string;
  /** The MAC address it had. Absent: there is no undo. */
  readonly mac?: string | undefined;
}

export function renderNeighbour({ on: node, device, address, mac }: NeighbourChange): readonly Command[] {
  const undo = mac === undefined ? undefined : sh`ip neigh replace ${address} lladdr ${mac} dev ${device}`;
  return [on(node, sh`ip neigh del ${address} dev ${device}`, undo)];
}
