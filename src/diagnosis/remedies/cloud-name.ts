import { familyOf } from '../../ip.js';
import { sh, type ShellCommand } from '../../shell.js';

/** Longest name that Azure and Google Cloud both take. */
const LONGEST = 63;

/**
 * A name for what a cloud is told about a subnet or an address, another for each: letters, digits and hyphens, at most 63,
 * beginning with a letter and ending with a letter or digit.
 */
export function cloudName(subnet: string, what = 'containers'): string {
  const own = subnet.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
  return `${what}-${own}`.slice(0, LONGEST).replace(/-+$/, '');
}

/** AWS takes IPv4 and IPv6 destinations by options of their own. */
export function awsDestination(subnet: string): ShellCommand {
  return familyOf(subnet) === 6 ? sh`--destination-ipv6-cidr-block ${subnet}` : sh`--destination-cidr-block ${subnet}`;
}
