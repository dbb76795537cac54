import type { Facts } from '../../../evidence/facts.js';
import { hasLink, withLinkDown, withLinkUp, withMtu } from '../../../network/edit/links.js';
import { onNode } from '../../../network/edit/on-node.js';
import { applied, rejected, unseenPart, type Applied } from '../applied.js';
import { sh, type ShellCommand, type Word } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** What a link is to be set to. */
export interface LinkSettings {
  readonly state?: 'up' | 'down';
  readonly mtu?: number;
  readonly mac?: string;
  /** Takes the XDP program off. */
  readonly xdp?: 'off';
}

export interface LinkChange {
  readonly kind: 'link';
  readonly on: string;
  readonly device: string;
  readonly set: LinkSettings;
  /** What it was set to before. Absent where it cannot, or need not, be undone. */
  readonly was?: LinkSettings | undefined;
}

export function renderLink({ on: node, device, set, was }: LinkChange): readonly Command[] {
  return [on(node, command(device, set), was && command(device, was))];
}

function command(device: string, { state, mtu, mac, xdp }: LinkSettings): ShellCommand {
  const words: readonly Word[] = [
    ...(state === undefined ? [] : [state]),
    ...(mtu === undefined ? [] : [sh`mtu ${mtu}`]),
    ...(mac === undefined ? [] : [sh`address ${mac}`]),
    ...(xdp === undefined ? [] : [sh`xdp ${xdp}`]),
  ];
  return sh`ip link set dev ${device} ${words}`;
}

export function applyLink(facts: Partial<Facts>, { on: node, device, set }: LinkChange): Applied {
  const unseen = unseenPart(facts, node, 'links');
  if (unseen) return unseen;
  const at = { node, device };
  if (!hasLink(facts, at)) return rejected({ kind: 'no-such-link', node, device });
  const { state, mtu, xdp } = set;
  const stated = state === undefined ? facts : state === 'up' ? withLinkUp(facts, at) : withLinkDown(facts, at);
  const sized = mtu === undefined ? stated : withMtu(stated, at, mtu);
  if (xdp === undefined) return applied(sized);
  return applied(
    onNode(sized, ['linkFilters', node], (filters) =>
      filters.filter((one) => one.device !== device || one.kind !== 'xdp'),
    ),
  );
}
