import { sh, type ShellCommand, type Word } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import { ipFor } from '../ip-command.js';

/** A route as `ip route` takes it. What the reader has to fill in is a `placeholder`. */
export interface RouteSpec {
  /** `default`, a subnet or an address. */
  readonly destination: string;
  readonly family: 4 | 6;
  /** `blackhole`, `unreachable`, `prohibit`; a unicast route when absent. */
  readonly type?: string | undefined;
  readonly via?: string | ShellCommand | undefined;
  readonly device?: string | undefined;
  readonly metric?: number | undefined;
  readonly table?: string | number | undefined;
  readonly source?: string | undefined;
}

export interface RouteChange {
  readonly kind: 'route';
  readonly on: string;
  /** `replace` adds it, or changes the one to the same destination with the same metric. */
  readonly do: 'replace' | 'delete';
  readonly route: RouteSpec;
  /** The route it takes the place of; its undo puts that back. Absent: the undo is the opposite. `none`: there is no undo. */
  readonly was?: RouteSpec | 'none' | undefined;
}

export function renderRoute({ on: node, do: action, route, was }: RouteChange): readonly Command[] {
  const opposite = action === 'replace' ? command('del', route) : command('add', route);
  const undo = was === 'none' ? undefined : was === undefined ? opposite : command('replace', was);
  return [on(node, command(action === 'replace' ? 'replace' : 'del', route), undo)];
}

function command(verb: string, { family, type, destination, ...rest }: RouteSpec): ShellCommand {
  const words: readonly Word[] = [...(type === undefined ? [] : [type]), destination];
  return sh`${ipFor(family)} route ${verb} ${words} ${selectors(rest)}`;
}

function selectors({
  via,
  device,
  metric,
  table,
  source,
}: Omit<RouteSpec, 'destination' | 'family' | 'type'>): readonly Word[] {
  return [
    ...(via === undefined ? [] : [sh`via ${via}`]),
    ...(device === undefined ? [] : [sh`dev ${device}`]),
    ...(source === undefined ? [] : [sh`src ${source}`]),
    ...(metric === undefined || metric === 0 ? [] : [sh`metric ${metric}`]),
    ...(table === undefined || table === 'main' ? [] : [sh`table ${table}`]),
  ];
}
