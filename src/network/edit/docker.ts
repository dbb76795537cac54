import type { ContainerFact, Facts, Link, NetworkFact, Route } from '../../evidence/facts.js';
import { contains, familyOf, prefixLength, sameAddress } from '../../ip.js';
import { isLayer3 } from '../networks.js';
import { withAddressOn } from './addresses.js';
import { linkAt, onLink, type LinkAt } from './link.js';
import { withLinkType, withLinkUp } from './links.js';
import { factOf, onNode } from './on-node.js';
import { withoutRoutesOn, withRouteOn } from './routes.js';

/** A container's link on a network, with the addresses it keeps there. */
interface Member {
  readonly at: LinkAt;
  readonly addresses: readonly string[];
}

/**
 * A network recreated as it should be, with its containers on it at the addresses they have, as Docker sets up their links and default
 * routes.
 *
 * @returns the container whose address lies in no subnet of the network any more, or whose link was not seen, as `moved`
 */
export function withNetwork(
  facts: Partial<Facts>,
  network: NetworkFact,
): { readonly facts: Partial<Facts> } | { readonly moved: string } {
  const members = membersOf(facts, network.name);
  const moved = members.find((one) => typeof one === 'string' || !fits(network, one.addresses));
  if (moved !== undefined) return { moved: typeof moved === 'string' ? moved : moved.at.node };
  const networks = (facts.networks ?? []).map((one) => (one.name === network.name ? network : one));
  const linked = withParent({ ...facts, networks }, network);
  const known = members.filter((one) => typeof one !== 'string');
  const made = known.reduce((rest, member) => withMember(rest, network, member), linked);
  return {
    facts: withoutNeighbours(
      made,
      known.flatMap((member) => member.addresses),
    ),
  };
}

/** Recreated containers announce their MAC addresses: a machine that had learned the old one learns the new one. */
function withoutNeighbours(facts: Partial<Facts>, addresses: readonly string[]): Partial<Facts> {
  return Object.keys(facts.neighbours ?? {}).reduce(
    (rest, node) =>
      onNode(rest, ['neighbours', node], (entries) =>
        entries.filter((entry) => !addresses.some((address) => sameAddress(entry.address, address))),
      ),
    facts,
  );
}

function fits({ subnets }: NetworkFact, addresses: readonly string[]): boolean {
  return addresses.every((address) => subnets.some(({ subnet }) => contains(subnet, address)));
}

/** The links of a network's containers; the container's name where its link was not seen. */
function membersOf(facts: Partial<Facts>, network: string): readonly (Member | string)[] {
  return (facts.containers ?? []).flatMap((container): readonly (Member | string)[] => {
    const attached = container.attachments.find((one) => one.network === network);
    if (!attached) return [];
    const link = linkOf(facts, container, attached.addresses);
    const device = link?.name;
    return device === undefined
      ? [container.name]
      : [{ at: { node: container.name, device }, addresses: attached.addresses }];
  });
}

function linkOf(facts: Partial<Facts>, { name }: ContainerFact, addresses: readonly string[]): Link | undefined {
  return factOf(facts, 'links', name)?.find((link) =>
    link.addresses.some((own) => addresses.some((one) => sameAddress(own, one))),
  );
}

/** Docker creates a VLAN link that is to be the parent, `enp0s3.10`, on the link it is named after. */
function withParent(facts: Partial<Facts>, { parent }: NetworkFact): Partial<Facts> {
  const host = facts.nodes?.find(({ kind }) => kind === 'host')?.name ?? 'host';
  const [, lower = '', vlan = ''] = /^(.+)\.(\d+)$/.exec(parent ?? '') ?? [];
  const below = linkAt(facts, { node: host, device: lower });
  if (parent === undefined || !below || linkAt(facts, { node: host, device: parent })) return facts;
  const link = { ...below, name: parent, kind: 'vlan', vlan: Number(vlan), lower, addresses: [], adminUp: false };
  const made = onNode(facts, ['links', host], (links) => [...links, link]);
  return withLinkUp(made, { node: host, device: parent });
}

/** A container's link as the driver makes it: of its kind and mode, with its addresses, and with the routes that Docker gives. */
function withMember(facts: Partial<Facts>, network: NetworkFact, { at, addresses }: Member): Partial<Facts> {
  const cleared = withoutRoutesOn(onLink(facts, at, withoutAddresses), at.node, ({ device }) => device === at.device);
  const linked = onLink(cleared, at, (link) => asDriven(facts, link, network));
  const typed =
    network.driver === 'ipvlan' ? withLinkType(linked, at, { driver: 'ipvlan', set: modeOf(network) }) : linked;
  const addressed = addresses.reduce((rest, address) => withAddressOn(rest, at, whole(network, address)), typed);
  return defaultRoutes(network, at, addresses).reduce((rest, route) => withRouteOn(rest, at.node, route), addressed);
}

function withoutAddresses(link: Link): Link {
  return { ...link, addresses: [] };
}

function asDriven(facts: Partial<Facts>, link: Link, { driver, mode, flag, parent }: NetworkFact): Link {
  const host = facts.nodes?.find(({ kind }) => kind === 'host')?.name ?? 'host';
  const below = parent === undefined ? undefined : linkAt(facts, { node: host, device: parent });
  const carrier = below?.carrier ?? true;
  return {
    ...link,
    ...{ kind: driver === 'bridge' ? 'veth' : driver, mode, flag: driver === 'ipvlan' ? (flag ?? 'bridge') : flag },
    ...{ adminUp: true, carrier, operState: carrier ? 'UNKNOWN' : 'LOWERLAYERDOWN', mtu: below?.mtu ?? link.mtu },
    ...{ mac: driver === 'ipvlan' ? below?.mac : link.mac, noArp: isLayer3({ driver, mode }) },
  };
}

function modeOf({ mode }: NetworkFact): { readonly mode: string } {
  return { mode: mode ?? 'l2' };
}

function whole({ subnets }: NetworkFact, address: string): string {
  const subnet = subnets.find((one) => contains(one.subnet, address))?.subnet;
  return `${address}/${subnet === undefined ? (familyOf(address) === 6 ? 128 : 32) : prefixLength(subnet)}`;
}

/** Through the link itself in L3, else via the network's gateway; an internal network has none. */
function defaultRoutes(network: NetworkFact, { device }: LinkAt, addresses: readonly string[]): readonly Route[] {
  if (network.internal || network.parent === undefined) return [];
  const families = [...new Set(addresses.map((address) => familyOf(address) ?? 4))];
  return families.flatMap((family): readonly Route[] => {
    const own = addresses.find((address) => familyOf(address) === family) ?? '';
    const subnet = network.subnets.find((one) => contains(one.subnet, own));
    const via = isLayer3(network) ? undefined : subnet?.gateway;
    if (via === undefined && !isLayer3(network)) return [];
    const destination = family === 6 ? '::/0' : '0.0.0.0/0';
    const scope = via === undefined ? 'link' : undefined;
    const common = { table: 'main', type: 'unicast', device, source: undefined, flags: [] } as const;
    return [{ ...common, family, destination, via, scope, metric: family === 6 ? 1024 : 0 }];
  });
}
