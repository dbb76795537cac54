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
