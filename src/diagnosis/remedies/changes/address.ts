import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** An address, with prefix length, on a link. */
export interface AddressChange {
  readonly kind: 'address';
  readonly on: string;
  /** `replace` adds it where it is not there yet. */
  readonly do: 'add' | 'replace' | 'remove';
  readonly device: string;
  readonly address: string;
}

export function renderAddress({ on: node, do: action, device, address }: AddressChange): readonly Command[] {
  const [add, remove] = [sh`ip addr add ${address} dev ${device}`, sh`ip addr del ${address} dev ${device}`];
  switch (action) {
    case 'add':
      return [on(node, add, remove)];
    case 'replace':
      return [on(node, sh`ip addr replace ${address} dev ${device}`, remove)];
    case 'remove':
      return [on(node, remove, add)];
  }
}
