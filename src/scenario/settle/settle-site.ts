import { addressAt, bare, contains, familyOf, isHostAddress, overlap, prefixLength } from '../../ip.js';
import type { AddressBook } from './address-book.js';
import { DEFAULT_PEER } from './names.js';
import type { PeerPlan, SitePlan, VlanPlan } from '../plan.js';
import { settleParent } from './settle-parent.js';
import { settleInternet } from './settle-internet.js';
import type { SiteFile } from '../schema/schema-site.js';
import { list } from '../schema/schema-terms.js';
import type { Path } from '../source.js';

/** The segment between gateway and internet, in both families: nothing else may use it. */
export const UPLINK_SUBNETS = ['203.0.113.0/24', '2001:db8:113::/64'] as const;

/** Places on the LAN for nodes without an address in the file: those of the article's site, 192.168.0.0/24. */
const PLACE = { gateway: 1, host: 2, peer: 50 } as const;

/** The site with every address settled. The gateway's routes and NAT are left empty: they depend on the networks. */
export function settleSite(file: SiteFile, book: AddressBook): SitePlan {
  const lan = file.lan === undefined ? ['192.168.0.0/24'] : list(file.lan);
  const onLan = (owner: string, place: number) => ({ owner, place, segments: lan });
  const gateway = settle(
    { ...onLan('the gateway', PLACE.gateway), stated: file.gateway?.address, at: ['site', 'gateway', 'address'] },
    book,
  );
  const host = settle(
    { ...onLan('the host', PLACE.host), stated: file.host?.address, at: ['site', 'host', 'address'] },
    book,
  );
  const vlans = settleVlans(file, book);
  checkSegments(lan, vlans, book);
  const device = file.host?.interface ?? 'enp0s3';
  const parent = settleParent(file.host?.parent, device, book.problems);
  return {
    lan,
    host: { interface: device, addresses: host, ...(parent ? { parent } : {}) },
    gateway: { addresses: gateway, routes: [], masquerades: [] },
    peers: settlePeers(file, lan, book),
    internet: settleInternet(file.internet, { lan, vlans }, book),
    resolver: bare(file.resolver ?? gateway[0] ?? addressAt(lan[0] ?? '', PLACE.gateway)),
    vlans,
    ...(file.platform ? { platform: file.platform } : {}),
  };
}

interface Wanted {
  readonly owner: string;
  readonly stated: string | readonly string[] | undefined;
  /** The subnets of the segment it is on; one address in each family. */
  readonly segments: readonly string[];
  /** The address it gets in a family it states none of. */
  readonly place: number;
  readonly at: Path;
}

/** The stated addresses and one for each family without, all with prefix length. */
function settle({ owner, stated, segments, place, at }: Wanted, book: AddressBook): readonly string[] {
  const given = list(stated);
  const settled = given.flatMap((address, index) => {
    const path = given.length > 1 ? [...at, index] : at;
    const segment = segments.find((subnet) => isHostAddress(subnet, address));
    if (segment === undefined) {
      book.problems.add(path, `${address} of ${owner} is no usable address of ${segments.join(' or ')}.`);
      return [];
    }
    book.claim(address, owner, path);
    return [`${bare(address)}/${prefixLength(segment)}`];
  });
  const families = new Set(given.map(familyOf));
  const derived = segments.filter((segment) => !families.has(familyOf(segment)));
  for (const segment of derived) book.claim(addressAt(segment, place), owner, at);
  return [...settled, ...derived.map((segment) => `${addressAt(segment, place)}/${prefixLength(segment)}`)];
}

function settlePeers(file: SiteFile, lan: readonly string[], book: AddressBook): readonly PeerPlan[] {
  const fits = lan.every((subnet) => isHostAddress(subnet, addressAt(subnet, PLACE.peer)));
  const peers = file.peers ?? (fits ? [{ name: DEFAULT_PEER }] : []);
  return peers.map((peer, index) => {
    const at = ['site', 'peers', index, 'address'];
    const stated = 'address' in peer ? peer.address : undefined;
    const place = PLACE.peer + index;
    return { name: peer.name, addresses: settle({ owner: peer.name, stated, segments: lan, place, at }, book) };
  });
}

function settleVlans(file: SiteFile, book: AddressBook): readonly VlanPlan[] {
  const vlans = file.vlans ?? [];
  return vlans.map(({ id, subnet, gateway }, index) => {
    const at = ['site', 'vlans', index];
    if (vlans.findIndex((other) => other.id === id) < index)
      book.problems.add([...at, 'id'], `VLAN ${id} is listed twice.`);
    const owner = `the gateway on VLAN ${id}`;
    const segments = list(subnet);
    const gateways = settle({ owner, stated: gateway, segments, place: PLACE.gateway, at: [...at, 'gateway'] }, book);
    return { id, subnets: segments, gateways };
  });
}

/** Segments are distinguished by their addresses, so they must not overlap. */
function checkSegments(lan: readonly string[], vlans: readonly VlanPlan[], book: AddressBook): void {
  const segments: readonly { readonly subnet: string; readonly what: string; readonly at: Path }[] = [
    ...UPLINK_SUBNETS.map((subnet) => ({ subnet, what: 'the segment between gateway and internet', at: [] })),
    ...lan.map((subnet, index) => ({
      subnet,
      what: 'the LAN',
      at: index > 0 ? ['site', 'lan', index] : ['site', 'lan'],
    })),
    ...vlans.flatMap(({ id, subnets }, index) =>
      subnets.map((subnet) => ({ subnet, what: `VLAN ${id}`, at: ['site', 'vlans', index, 'subnet'] })),
    ),
  ];
  for (const [index, { subnet, what, at }] of segments.entries()) {
    const other = segments.slice(0, index).find((before) => overlap(before.subnet, subnet));
    if (other) book.problems.add(at, `${subnet} of ${what} overlaps ${other.subnet} of ${other.what}.`);
  }
}

/** The segment a parent leads to: the LAN, or the VLAN its name ends in. `undefined` when it leads nowhere known. */
export function subnetsOnParent(site: SitePlan, parent: string | undefined): readonly string[] | undefined {
  if (parent === site.host.interface) return site.lan;
  return site.vlans.find(({ id }) => parent === `${site.host.interface}.${id}`)?.subnets;
}

/** Whether a next hop can be reached without a further one. */
export function isReachableOnLink(site: SitePlan, via: string): boolean {
  const segments = [...site.lan, ...site.vlans.flatMap(({ subnets }) => subnets), ...UPLINK_SUBNETS];
  return segments.some((subnet) => contains(subnet, via));
}
