import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** An address, with prefix length, on a link. */
export interface AddressChange {
  readonly kind: 'address';
  readonly on: string;
  readonly do: 'add' | 'remove';
  readonly device: string;
  readonly address: string;
}

export function renderAddress({ on: node, do: action, device, address }: AddressChange): readonly Command[] {
  const [add, remove] = [sh`ip addr add ${address} dev ${device}`, sh`ip addr del ${address} dev ${device}`];
  return [action === 'add' ? on(node, add, remove) : on(node, remove, add)];
}
