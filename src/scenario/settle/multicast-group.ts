import { bare, contains, familyOf, isAddress } from '../../ip.js';
import type { Problems } from '../problems.js';
import type { Path } from '../source.js';

/** A multicast group and its port. */
export interface GroupPort {
  readonly group: string;
  readonly port: number;
}

/** Addresses of multicast groups. */
const GROUPS = { 4: '224.0.0.0/4', 6: 'ff00::/8' } as const;

/** What `multicast/[ff02::fb]:5353` means; `undefined`, with the problem reported, where it names no group or no port. */
export function parseGroupPort(text: string, at: Path, problems: Problems): GroupPort | undefined {
  const [, v6, v4, count] = /^multicast\/(?:\[(.*)\]|([\d.]+)):(\d+)$/.exec(text) ?? [];
  const [group, port] = [v6 ?? v4 ?? '', Number(count)];
  if (port < 1 || port > 65535) {
    problems.add(at, `${text}: a port is a number from 1 to 65535.`);
    return undefined;
  }
  if (isAddress(group) && contains(GROUPS[familyOf(group) ?? 4], group)) return { group: bare(group), port };
  problems.add(at, `${text}: a multicast group is an address in ${GROUPS[4]} or ${GROUPS[6]}, such as 224.0.0.251.`);
  return undefined;
}
