import type { Facts } from '../../../evidence/facts.js';
import { hasLink, withLinkType } from '../../../network/edit/links.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import { sh, type ShellCommand } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** A mode (`l2`, `l3`, `bridge`, …), or the flag of an IPvlan link (`bridge`, `private`, `vepa`). */
export type LinkType = { readonly mode: string } | { readonly flag: string };

/** Sets the mode or flag of an IPvlan or macvlan link. On IPvlan that of every link on the parent follows. */
export interface LinkTypeChange {
  readonly kind: 'link-type';
  readonly on: string;
  readonly device: string;
  readonly driver: 'ipvlan' | 'macvlan';
  readonly set: LinkType;
  readonly was: LinkType;
}

export function renderLinkType({ on: node, device, driver, set, was }: LinkTypeChange): readonly Command[] {
  const command = (to: LinkType): ShellCommand =>
    sh`ip link set dev ${device} type ${driver} ${'mode' in to ? sh`mode ${to.mode}` : to.flag}`;
  return [on(node, command(set), command(was))];
}

export function applyLinkType(facts: Partial<Facts>, { on: node, device, driver, set }: LinkTypeChange): Applied {
  const unseen = unseenPart(facts, node, 'links');
  if (unseen) return unseen;
  if (!hasLink(facts, { node, device })) return rejected({ kind: 'no-such-link', node, device });
  return applied(withLinkType(facts, { node, device }, { driver, set }));
}
