import { familyOf, sameAddress } from '../../ip.js';

/** Whether a socket bound to one address takes what is sent to another: `0.0.0.0` takes all IPv4, `::` usually both. */
export function takes(bound: string, destination: string): boolean {
  if (bound === '::') return true;
  if (bound === '0.0.0.0') return familyOf(destination) === 4;
  return sameAddress(bound, destination);
}
