import type { Facts } from '../../../evidence/facts.js';
import { withAddressOn, withoutAddressOn } from '../../../network/edit/addresses.js';
import { hasLink } from '../../../network/edit/links.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
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

export function applyAddress(facts: Partial<Facts>, { on: node, do: action, device, address }: AddressChange): Applied {
  const unseen = unseenPart(facts, node, 'links');
  if (unseen) return unseen;
  const at = { node, device };
  if (!hasLink(facts, at)) return rejected({ kind: 'no-such-link', node, device });
  return applied(action === 'remove' ? withoutAddressOn(facts, at, address) : withAddressOn(facts, at, address));
}
