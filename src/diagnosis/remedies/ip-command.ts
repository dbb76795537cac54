import { familyOf } from '../../ip.js';
import { sh, type ShellCommand } from '../../shell.js';

/** `ip` for the family of an address or subnet: `ip -6` for IPv6, else `ip`. */
export function ipFor(address: string | 4 | 6): ShellCommand {
  return (typeof address === 'string' ? familyOf(address) : address) === 6 ? sh`ip -6` : sh`ip`;
}
