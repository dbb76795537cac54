import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

export interface SysctlChange {
  readonly kind: 'sysctl';
  readonly on: string;
  /** As `sysctl -w` takes it; with slashes where an interface's name has a dot. */
  readonly name: string;
  readonly value: string | number;
  /** Its value before. Absent where it was not seen: then there is no undo. */
  readonly was?: string | number | undefined;
}

export function renderSysctl({ on: node, name, value, was }: SysctlChange): readonly Command[] {
  const set = (to: string | number) => sh`sysctl -w ${`${name}=${to}`}`;
  return [on(node, set(value), was === undefined ? undefined : set(was))];
}
