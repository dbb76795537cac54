import { firstAddress } from '../../src/ip.js';
import type { ContainerFile, NetworkFile } from '../../src/scenario/schema/schema.js';
import type { SiteFile } from '../../src/scenario/schema/schema-site.js';
import type { Addresses } from './addresses.js';
import type { Random } from './random.js';

export type Mode = 'l2' | 'l3' | 'l3s' | 'macvlan';

/** A healthy network around a host, and what is told of it to those who break it. */
export interface Setting {
  readonly mode: Mode;
  /** The tag of the VLAN its containers are on; absent on the untagged LAN. */
  readonly vlan: number | undefined;
  /** Whether LAN and containers have IPv6 too. */
  readonly six: boolean;
  readonly site: SiteFile;
  readonly networks: readonly NetworkFile[];
  readonly containers: readonly ContainerFile[];
  /** The container that is asked about. */
  readonly container: string;
}

/** Mode of a network with a mode as {@link Setting} names it. */
export const isRouted = (mode: Mode) => mode === 'l3' || mode === 'l3s';

/** Public addresses that `diagnose` asks by default: the internet has them. */
export const PUBLIC = {
  four: ['8.8.8.8', '1.1.1.1'],
  six: ['2001:4860:4860::8888', '2606:4700:4700::1111'],
} as const;

const WORDS =
  'alder birch cedar dahlia elm fern gorse hazel iris juniper kale larch maple nettle oak pine quince rowan';
const SUFFIXES = ['', '', '', '-1', '_db', '.prod', '-blue', '2'];
const INTERFACES = ['ens18', 'enp5s0', 'eno1', 'lan5', 'enx0c1', 'p2p1', 'wired0', 'enP1p2'];
const DOMAINS = ['example.org', 'updates.example.net', 'registry.test', 'a-b.example.com'];

/** A random site with one IPvlan or macvlan network and two or three containers. */
export function randomSetting(random: Random, book: Addresses): Setting {
  const mode = random.pick<Mode>(['l2', 'l2', 'l3', 'l3', 'l3', 'l3s', 'macvlan']);
  const vlan = !isRouted(mode) && random.chance(0.3) ? random.int(2, 999) : undefined;
  const six = vlan === undefined && random.chance(0.25);
  const words = [...random.take(WORDS.split(' '), 8)];
  const name = () => `${words.shift() ?? ''}${random.pick(SUFFIXES)}`;
  const site = randomSite(random, { book, vlan, six, peers: random.take(['desk', 'printer', 'nas', 'tv-1'], 2) });
  const network = randomNetwork(site, { name: name(), mode, vlan, six, two: random.chance(0.5) }, book);
  const containers = randomContainers(network, { random, book, names: [name(), name(), name()] });
  return {
    ...{ mode, vlan, six, site, networks: [network], containers },
    container: random.pick(containers).name,
  };
}

interface Around {
  readonly book: Addresses;
  readonly vlan: number | undefined;
  readonly six: boolean;
  readonly peers: readonly string[];
}

function randomSite(random: Random, { book, vlan, six, peers }: Around): SiteFile {
  const lan = six ? [book.four(), book.six()] : [book.four()];
  const gateway = lan.map((subnet) => book.router(subnet));
  const subnet = vlan === undefined ? undefined : book.four();
  const named = random.take(DOMAINS, random.int(0, 2));
  const google = six ? [PUBLIC.four[0], PUBLIC.six[0]] : PUBLIC.four[0];
  return {
    lan,
    host: { interface: random.pick(INTERFACES), address: lan.map((one) => book.in(one)) },
    gateway: { address: gateway },
    peers: peers.slice(0, random.int(1, 2)).map((name) => ({ name, address: lan.map((one) => book.in(one)) })),
    internet: {
      address: [...PUBLIC.four, ...(six ? PUBLIC.six : [])],
      names: {
        'google.com': google,
        ...Object.fromEntries(named.map((name, at) => [name, `93.184.${random.int(1, 250)}.${34 + at}`])),
      },
    },
    ...(vlan === undefined || subnet === undefined
      ? {}
      : { vlans: [{ id: vlan, subnet, gateway: book.router(subnet) }] }),
  };
}

interface Wanted extends Pick<Setting, 'mode' | 'vlan' | 'six'> {
  readonly name: string;
  /** Whether it has two IPv4 subnets where that is usual. */
  readonly two: boolean;
}

function randomNetwork(site: SiteFile, { name, mode, vlan, six, two }: Wanted, book: Addresses): NetworkFile {
  const device = site.host?.interface ?? '';
  const driver = mode === 'macvlan' ? { driver: 'macvlan' as const } : { driver: 'ipvlan' as const, mode };
  if (isRouted(mode)) {
    const subnets = [book.four(), ...(two ? [book.four()] : []), ...(six ? [book.six()] : [])];
    return { name, ...driver, parent: device, subnets };
  }
  const lan = vlan === undefined ? pairs(site.lan, site.gateway?.address) : pairs(...vlanOf(site));
  const parent = vlan === undefined ? device : `${device}.${vlan}`;
  return { name, ...driver, parent, subnets: lan };
}

function vlanOf({ vlans = [] }: SiteFile) {
  return [vlans[0]?.subnet, vlans[0]?.gateway] as const;
}

type OneOrMore = string | readonly string[] | undefined;

function pairs(subnets: OneOrMore, gateways: OneOrMore): { readonly subnet: string; readonly gateway: string }[] {
  const routers = [gateways ?? []].flat();
  return [subnets ?? []].flat().map((subnet, at) => ({ subnet, gateway: routers[at] ?? firstAddress(subnet) ?? '' }));
}

interface Named {
  readonly random: Random;
  readonly book: Addresses;
  readonly names: readonly string[];
}

/** Where a network has two IPv4 subnets, its containers are in both in turn. */
function randomContainers({ name: network, subnets }: NetworkFile, { random, book, names }: Named): ContainerFile[] {
  const all = subnets.map((one) => (typeof one === 'string' ? one : one.subnet));
  const four = all.filter((subnet) => !subnet.includes(':'));
  const six = all.filter((subnet) => subnet.includes(':'));
  return names.slice(0, random.int(2, 3)).map((name, at) => ({
    name,
    network,
    address: [...four.slice(at % four.length).slice(0, 1), ...six].map((subnet) => book.in(subnet)),
    ...(at > 0 ? { listens: [`tcp/${random.int(1024, 9999)}`] } : {}),
  }));
}
