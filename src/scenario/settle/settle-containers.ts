import { bare, familyOf, hostAddresses, isHostAddress } from '../../ip.js';
import { didYouMean } from '../../suggest.js';
import type { AddressBook } from './address-book.js';
import { parseGroupPort } from './multicast-group.js';
import type { ContainerPlan, Listen, NetworkPlan, SubnetPlan } from '../plan.js';
import type { Problems } from '../problems.js';
import type { ContainerFile } from '../schema/schema.js';
import { list } from '../schema/schema-terms.js';
import type { Path } from '../source.js';

/** One container's wish to be on one network. */
interface Wish {
  readonly container: string;
  /** `undefined` when there is no network of that name. */
  readonly network: NetworkPlan | undefined;
  readonly stated: readonly string[];
  readonly at: Path;
}

/** Containers with every address settled. Fixed addresses come first, so that none is given away before it is asked for. */
export function settleContainers(
  files: readonly ContainerFile[],
  networks: readonly NetworkPlan[],
  book: AddressBook,
): readonly ContainerPlan[] {
  const wishes = files.map((file, index) =>
    wishesOf(file, ['containers', index], { networks, problems: book.problems }),
  );
  for (const wish of wishes.flat()) claimStated(wish, book);
  checkPassthru(wishes.flat(), book.problems);
  checkMacs(files, wishes, book.problems);
  return files.map((file, index) => ({
    name: file.name,
    attachments: (wishes[index] ?? []).flatMap((wish) =>
      wish.network ? [{ network: wish.network.name, addresses: settleAddresses(wish, wish.network, book) }] : [],
    ),
    mac: settleMac(file, ['containers', index, 'mac'], { wishes: wishes[index] ?? [], problems: book.problems }),
    listens: settlePorts(file.listens, ['containers', index, 'listens'], book.problems),
    ...(file.publishes
      ? { publishes: settlePorts(file.publishes, ['containers', index, 'publishes'], book.problems) }
      : {}),
    ...(file.dns === undefined ? {} : { dns: list(file.dns).map(bare) }),
  }));
}

function wishesOf(
  file: ContainerFile,
  at: Path,
  { networks, problems }: { readonly networks: readonly NetworkPlan[]; readonly problems: Problems },
): readonly Wish[] {
  const wanted = file.networks
    ? file.networks.map(({ name, address }, index) => ({ name, address, at: [...at, 'networks', index], key: 'name' }))
    : [{ name: file.network ?? '', address: file.address, at, key: 'network' }];
  const names = networks.map(({ name }) => name);
  return wanted.map((each, index) => {
    const network = networks.find(({ name }) => name === each.name);
    if (!network) {
      problems.add(
        [...each.at, each.key],
        `There is no network ${each.name}.${didYouMean(each.name, names) || ` There are: ${names.join(', ')}.`}`,
      );
    } else if (wanted.findIndex(({ name }) => name === each.name) < index) {
      problems.add([...each.at, each.key], `${file.name} is on ${each.name} already.`);
    }
    return { container: file.name, network, stated: list(each.address), at: [...each.at, 'address'] };
  });
}

function claimStated({ container, network, stated, at }: Wish, book: AddressBook): void {
  for (const [index, address] of stated.entries()) {
    const path = stated.length > 1 ? [...at, index] : at;
    const subnets = network?.subnets.map(({ subnet }) => subnet) ?? [];
    if (network && !subnets.some((subnet) => isHostAddress(subnet, address))) {
      book.problems.addUnless(
        'ipam-rejects-address',
        path,
        `${address} is no usable address of ${network.name}, which has ${subnets.join(' and ')}.`,
      );
    } else if (stated.findIndex((other) => familyOf(other) === familyOf(address)) < index) {
      book.problems.add(
        path,
        `Docker gives a container one IPv${familyOf(address)} address per network. Remove ${address}.`,
      );
    } else {
      book.claim(address, container, path);
    }
  }
}

/** The stated addresses, and the next free one in each family of the network that the author left open. */
function settleAddresses({ container, stated, at }: Wish, network: NetworkPlan, book: AddressBook): readonly string[] {
  const open = ([4, 6] as const).filter((family) => !stated.some((address) => familyOf(address) === family));
  const found = open.flatMap((family) => {
    const subnets = network.subnets.filter(({ subnet }) => familyOf(subnet) === family);
    if (subnets.length === 0) return [];
    const free = nextFree(subnets, book);
    if (free === undefined)
      book.problems.add(at, `${network.name} has no free IPv${family} address left for ${container}.`);
    else book.claim(free, container, at);
    return free === undefined ? [] : [free];
  });
  return [...stated.map(bare), ...found];
}

function nextFree(subnets: readonly SubnetPlan[], book: AddressBook): string | undefined {
  for (const { subnet, range } of subnets) {
    for (const address of hostAddresses(subnet, range)) {
      if (book.isFree(address)) return address;
    }
  }
  return undefined;
}

function settleMac(
  { mac, name }: ContainerFile,
  at: Path,
  { wishes, problems }: { readonly wishes: readonly Wish[]; readonly problems: Problems },
): string | undefined {
  if (mac !== undefined && wishes[0]?.network?.driver === 'ipvlan')
    problems.addUnless(
      'custom-mac-on-ipvlan',
      at,
      `${name} cannot have its own MAC address on an ipvlan network: its links share the MAC address of the parent. Remove it, or use macvlan.`,
    );
  return mac?.toLowerCase();
}

/** Two links of one MAC address on one segment: macvlan does not start the second, a bridge takes both for one. */
function checkMacs(files: readonly ContainerFile[], wishes: readonly (readonly Wish[])[], problems: Problems): void {
  const owners = new Map<string, string>();
  for (const [index, { name, mac }] of files.entries()) {
    const network = wishes[index]?.[0]?.network;
    if (mac === undefined || network === undefined || network.driver === 'ipvlan') continue;
    const segment = network.parent === undefined ? `the network ${network.name}` : `the parent ${network.parent}`;
    const key = `${segment} ${mac.toLowerCase()}`;
    const other = owners.get(key);
    if (other === undefined) owners.set(key, name);
    else
      problems.addUnless(
        'duplicate-mac-on-parent',
        ['containers', index, 'mac'],
        `${mac} is the MAC address of ${other} already, on ${segment}. Give ${name} another one, or remove it: Docker then makes one.`,
      );
  }
}

function settlePorts(ports: readonly string[] | undefined, at: Path, problems: Problems): readonly Listen[] {
  return (ports ?? []).flatMap((text, index): Listen[] => {
    const [protocol, port] = text.split('/');
    if (protocol === 'multicast') {
      const joined = parseGroupPort(text, [...at, index], problems);
      return joined ? [{ protocol: 'udp', ...joined }] : [];
    }
    if (!isPort(Number(port))) problems.add([...at, index], `${text}: a port is a number from 1 to 65535.`);
    return [{ protocol: protocol === 'udp' ? 'udp' : 'tcp', port: Number(port) }];
  });
}

export function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

function checkPassthru(wishes: readonly Wish[], problems: Problems): void {
  for (const [index, { network, at }] of wishes.entries()) {
    if (network?.mode !== 'passthru') continue;
    const first = wishes.findIndex((other) => other.network === network);
    if (first < index) problems.add(at, `${network.name} is in mode passthru and holds one container only.`);
  }
}
