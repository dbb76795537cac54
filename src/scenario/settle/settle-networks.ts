import { bare, contains, hostAddresses, isHostAddress } from '../../ip.js';
import type { AddressBook } from './address-book.js';
import { checkParents } from './parent-rules.js';
import type { Driver, NetworkPlan, SitePlan, SubnetPlan } from '../plan.js';
import type { NetworkFile } from '../schema/schema.js';
import { isLayer3Mode } from './settle-gateway.js';
import type { Path } from '../source.js';
import { checkSubnets } from './subnet-rules.js';

/** The modes each driver knows, Docker's default first. */
const MODES: Readonly<Record<Driver, readonly NonNullable<NetworkPlan['mode']>[]>> = {
  ipvlan: ['l2', 'l3', 'l3s'],
  macvlan: ['bridge', 'vepa', 'private', 'passthru'],
  bridge: [],
};

/** The networks with their defaults written out; what Docker or the kernel would reject is a problem. */
export function settleNetworks(
  files: readonly NetworkFile[],
  site: SitePlan | undefined,
  book: AddressBook,
): readonly NetworkPlan[] {
  const networks = files.map((file, index) => settleNetwork(file, ['networks', index], book));
  checkParents(networks, site, book.problems);
  checkSubnets(networks, site, book.problems);
  return networks;
}

function settleNetwork(file: NetworkFile, at: Path, book: AddressBook): NetworkPlan {
  const driver = file.driver ?? 'ipvlan';
  const { problems } = book;
  if (file.mode && !MODES[driver].includes(file.mode)) {
    const known = MODES[driver].length > 0 ? `${driver} knows ${MODES[driver].join(', ')}` : `${driver} knows no modes`;
    problems.add([...at, 'mode'], `Mode ${file.mode} does not fit driver ${driver}: ${known}.`);
  }
  if (file.flag && driver !== 'ipvlan') {
    problems.add(
      [...at, 'flag'],
      `A flag is for ipvlan networks; ${file.name} is ${driver}.${driver === 'macvlan' ? ' Use mode.' : ''}`,
    );
  }
  if (file.parent && driver === 'bridge') problems.add([...at, 'parent'], 'A bridge network has no parent. Remove it.');
  const mode = file.mode ?? MODES[driver][0];
  return {
    name: file.name,
    driver,
    mode,
    flag: file.flag,
    parent: file.parent,
    subnets: file.subnets.map((subnet, index) =>
      settleSubnet(subnet, { driver, mode, at: [...at, 'subnets', index] }, book),
    ),
    internal: file.internal ?? false,
    options: Object.fromEntries(Object.entries(file.options ?? {}).map(([key, value]) => [key, String(value)])),
  };
}

interface Kind {
  readonly driver: Driver;
  readonly mode: NetworkPlan['mode'];
  readonly at: Path;
}

function settleSubnet(file: NetworkFile['subnets'][number], kind: Kind, book: AddressBook): SubnetPlan {
  const { subnet, gateway, range: stated, reserved = {} } = typeof file === 'string' ? { subnet: file } : file;
  const { at } = kind;
  const fits = stated === undefined || contains(subnet, stated);
  if (!fits) book.problems.add([...at, 'range'], `Range ${stated} lies outside ${subnet}.`);
  const range = fits ? stated : undefined;
  if (gateway === undefined) keepFirst(hostAddresses(subnet, range), kind, book);
  else keepGateway({ subnet, gateway }, kind, book);
  for (const [name, address] of Object.entries(reserved)) {
    if (!contains(subnet, address)) book.problems.add([...at, 'reserved', name], `${address} lies outside ${subnet}.`);
    book.keep(address, { why: `reserved as ${name}`, rejected: true });
  }
  return {
    subnet,
    gateway: gateway === undefined ? undefined : bare(gateway),
    range,
    reserved: Object.fromEntries(Object.entries(reserved).map(([name, address]) => [name, bare(address)])),
  };
}

function keepGateway(
  { subnet, gateway }: { readonly subnet: string; readonly gateway: string },
  { mode, at }: Kind,
  book: AddressBook,
): void {
  const path = [...at, 'gateway'];
  if (!isHostAddress(subnet, gateway)) {
    book.problems.addUnless('ipam-rejects-address', path, `Gateway ${gateway} is no usable address of ${subnet}.`);
  }
  if (isLayer3Mode(mode)) {
    book.problems.warn(
      path,
      `Mode ${mode} ignores the gateway ${gateway}: its containers' packets follow the host's routes.`,
    );
  }
  book.keep(gateway, { why: `the gateway of ${subnet}`, rejected: true });
}

/** What Docker does with a subnet's first address when no gateway is given. */
function keepFirst(addresses: Iterable<string>, { driver }: Kind, book: AddressBook): void {
  const isBridge = driver === 'bridge';
  const reason = isBridge
    ? "which is the bridge's own"
    : 'which Docker before 29 keeps for a gateway unless one is given';
  for (const first of addresses) {
    book.keep(first, { why: `the first of its subnet, ${reason}`, rejected: isBridge });
    return;
  }
}
