import { familyOf } from '../../ip.js';
import { sh, type ShellCommand } from '../../shell.js';

/** Longest name that Azure and Google Cloud both take. */
const LONGEST = 63;

/**
 * A name in a cloud's configuration for a subnet or an address, a different one for each: letters, digits and hyphens, at most 63,
 * beginning with a letter and ending with a letter or digit.
 */
export function cloudName(subnet: string, what = 'containers'): string {
  const own = subnet.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
  return `${what}-${own}`.slice(0, LONGEST).replace(/-+$/, '');
}

/** AWS has one option for IPv4 destinations and one for IPv6. */
export function awsDestination(subnet: string): ShellCommand {
  return familyOf(subnet) === 6 ? sh`--destination-ipv6-cidr-block ${subnet}` : sh`--destination-cidr-block ${subnet}`;
}
