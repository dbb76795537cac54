import { familyOf } from '../ip.js';
import { lookup, type Fib, type NextHop } from './fib.js';

/** A node's sysctls by dotted name; `undefined` where they were not seen. */
export type Sysctls = Readonly<Record<string, string>> | undefined;

/** Whether `rp_filter` is strict on a device: the larger of its own value and the one for all counts; 1 is strict, 2 is loose. */
export function isStrict(sysctls: Sysctls, device: string): boolean {
  // In a sysctl's name the dot of an interface's name is written as a slash.
  const of = (name: string) => Number(sysctls?.[`net.ipv4.conf.${name.replaceAll('.', '/')}.rp_filter`] ?? 0);
  return Math.max(of('all'), of(device)) === 1;
}

/**
 * Why a strict reverse path filter drops a packet: the node's own route to its source, when that leaves via another
 * device than the one it came in through.
 *
 * @returns `undefined` when the packet passes: it is not IPv4, nothing is filtered there, or the route to the source is the same
 */
export function reversePathMismatch(
  { fib, sysctls }: { readonly fib: Fib; readonly sysctls: Sysctls },
  { source, inDevice }: { readonly source: string; readonly inDevice: string },
): NextHop | undefined {
  if (familyOf(source) !== 4 || !isStrict(sysctls, inDevice)) return undefined;
  const hop = lookup(fib, { destination: source });
  return 'device' in hop && hop.device === inDevice ? undefined : hop;
}
