import { chain, sh, type ShellCommand } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Filters of one priority on one side of a link. All of them are of one family. */
export type TcFilterChange = {
  readonly kind: 'tc-filter';
  readonly on: string;
  readonly device: string;
  readonly way: 'ingress' | 'egress';
  readonly priority: number;
} & (
  | {
      /** Passes what any of the matches selects, before filters of a higher number are asked. */
      readonly do: 'pass';
      readonly family: 4 | 6;
      /** As u32 takes them. */
      readonly matches: readonly ShellCommand[];
    }
  /** There is no undo: what they select is not known in tc's own words. */
  | { readonly do: 'delete' }
);

export function renderTcFilter(change: TcFilterChange): readonly Command[] {
  const at = sh`dev ${change.device} ${change.way}`;
  const remove = sh`tc filter del ${at} pref ${change.priority}`;
  if (change.do === 'delete') return [on(change.on, remove)];
  const protocol = change.family === 6 ? 'ipv6' : 'ip';
  const add = sh`tc filter add ${at} protocol ${protocol} pref ${change.priority} u32`;
  return [on(change.on, chain(change.matches.map((match) => sh`${add} ${match} action pass`)), remove)];
}
