import { bare, contains, familyOf } from '../../ip.js';
import type { AddressBook } from './address-book.js';
import type { InternetPlan, VlanPlan } from '../plan.js';
import type { SiteFile } from '../schema/schema-site.js';
import { list } from '../schema/schema-terms.js';

/** Two public addresses in each family: with the second, one unreachable server can be distinguished from an unreachable internet. */
const PUBLIC = { 4: ['8.8.8.8', '1.1.1.1'], 6: ['2001:4860:4860::8888', '2606:4700:4700::1111'] } as const;

interface Inside {
  readonly lan: readonly string[];
  readonly vlans: readonly VlanPlan[];
}

/** The simulated internet: its addresses and names, in the LAN's families where the file does not say. */
export function settleInternet(file: SiteFile['internet'], inside: Inside, book: AddressBook): InternetPlan {
  const families = ([4, 6] as const).filter((family) => inside.lan.some((subnet) => familyOf(subnet) === family));
  const stated = list(file?.address).map(bare);
  const own = stated.length > 0 ? stated : families.flatMap((family) => PUBLIC[family]);
  const names = file?.names ?? { 'google.com': firstOfEach(own) };
  const settledNames = Object.fromEntries(Object.entries(names).map(([name, to]) => [name, list(to).map(bare)]));
  const inner = [...inside.lan, ...inside.vlans.flatMap(({ subnets }) => subnets)];
  const isInner = (address: string) => inner.some((subnet) => contains(subnet, address));
  for (const address of own.filter(isInner)) {
    book.problems.add(
      ['site', 'internet', 'address'],
      `${address} of the internet lies inside the site. Choose a public one.`,
    );
  }
  // A name may resolve to an address inside, such as a container. Every address outside must answer there.
  const named = Object.values(settledNames)
    .flat()
    .filter((address) => file?.names && isPublic(address) && !isInner(address));
  const addresses = [...new Set([...own, ...named])];
  for (const address of addresses) book.claim(address, 'the internet', ['site', 'internet']);
  return { addresses, names: settledNames };
}

function firstOfEach(addresses: readonly string[]): readonly string[] {
  return ([4, 6] as const).flatMap((family) => addresses.find((address) => familyOf(address) === family) ?? []);
}

/** Private addresses (RFC 1918, RFC 4193) are never the internet's. */
function isPublic(address: string): boolean {
  return !['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].some((subnet) => contains(subnet, address));
}
