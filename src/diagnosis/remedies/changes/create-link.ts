import type { Facts } from '../../../evidence/facts.js';
import { hasLink, withNewLink } from '../../../network/edit/links.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** An IPvlan or macvlan link on another link, made unless it is there. */
export interface CreateLinkChange {
  readonly kind: 'create-link';
  readonly on: string;
  readonly device: string;
  readonly lower: string;
  readonly driver: 'ipvlan' | 'macvlan';
  readonly mode: string;
}

export function renderCreateLink({ on: node, device, lower, driver, mode }: CreateLinkChange): readonly Command[] {
  const add = sh`ip link add name ${device} link ${lower} type ${driver} mode ${mode}`;
  return [on(node, sh`ip link show dev ${device} >/dev/null 2>&1 || ${add}`, sh`ip link del dev ${device}`)];
}

export function applyCreateLink(facts: Partial<Facts>, change: CreateLinkChange): Applied {
  const { on: node, device, lower, driver, mode } = change;
  const unseen = unseenPart(facts, node, 'links');
  if (unseen) return unseen;
  if (hasLink(facts, { node, device })) return applied(facts);
  if (!hasLink(facts, { node, device: lower })) return rejected({ kind: 'no-such-link', node, device: lower });
  return applied(withNewLink(facts, { node, device }, { lower, driver, mode }));
}
