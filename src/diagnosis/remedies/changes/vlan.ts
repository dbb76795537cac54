import { outsideModel, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** A VLAN that a port of a Linux bridge carries tagged. */
export interface VlanChange {
  readonly kind: 'vlan';
  readonly on: string;
  readonly do: 'add' | 'remove';
  readonly port: string;
  readonly vlan: number;
}

export function renderVlan({ on: node, do: action, port, vlan }: VlanChange): readonly Command[] {
  const [add, remove] = [sh`bridge vlan add vid ${vlan} dev ${port}`, sh`bridge vlan del vid ${vlan} dev ${port}`];
  return [action === 'add' ? on(node, add, remove) : on(node, remove, add)];
}

/** Which VLANs a port carries is not seen. */
export function applyVlan(): Applied {
  return outsideModel('switch-vlan');
}
