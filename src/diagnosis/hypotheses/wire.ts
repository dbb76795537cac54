import { bare } from '../../ip.js';
import type { NetworkFact } from '../../evidence/facts.js';
import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { WireFilter } from '../../network/wire.js';
import type { Observed } from '../cause.js';
import type { TrafficPart } from './hypothesis.js';

/** Each address that a running container has on such a network. */
export function containerAddresses(
  { network: { names } }: Observed,
  which: (network: NetworkFact) => boolean,
): readonly TrafficPart[] {
  return names.containers.flatMap(({ state, attachments }) =>
    attachments.flatMap(({ network, addresses }) => {
      const own = names.network(network);
      return state === 'running' && own?.parent !== undefined && own.driver !== 'bridge' && which(own)
        ? addresses.map((address) => ({ address: bare(address) }))
        : [];
    }),
  );
}

/** The same, as a whole and for each machine on the LAN that may have learned a wrong MAC address for itself. */
export function learnedAddresses(view: Observed, which: (network: NetworkFact) => boolean): readonly TrafficPart[] {
  const neighbours = view.network.names.onLan.map(({ name }) => name);
  return containerAddresses(view, which).flatMap((part) => [
    part,
    ...neighbours.map((neighbour) => ({ ...part, neighbour })),
  ]);
}

/** The same with and without ARP: a network that filters by address may do either. */
export function filteredAddresses(view: Observed, which: (network: NetworkFact) => boolean): readonly TrafficPart[] {
  return containerAddresses(view, which).flatMap((part) => [part, { ...part, arp: true as const }]);
}

/** Nothing of a container's passes the wire between its parent and the others. */
export function cutOnWire(
  around: AssumedSurroundings,
  { address = '', subnet = address, neighbour, arp }: TrafficPart,
  how: Pick<WireFilter, 'way'>,
): AssumedSurroundings {
  return around.state.names.parents.reduce(
    (to, parent) =>
      to.withWireFilter({
        ...how,
        arp: arp === true,
        parent,
        subnet,
        ...(neighbour === undefined ? {} : { neighbour }),
      }),
    around,
  );
}

/** The same for all frames that carry the MAC address of a container's own link. */
export function cutByMac(around: AssumedSurroundings, { address = '' }: TrafficPart): AssumedSurroundings {
  const { addresses, names } = around.state;
  const container = addresses.containerAt(address);
  const mac = addresses.linkWith(container?.name, address)?.mac;
  const parent = container && addresses.networkOf(container, address)?.parent;
  const isForeign = names.parents.every((one) => around.state.links.link(names.hostName, one)?.mac !== mac);
  if (mac === undefined || parent === undefined || !isForeign) return around;
  return around.withWireFilter({ way: 'both', parent, mac, arp: true });
}

/** Whether the host may be a machine in a cloud: it is, or nothing says what it is. */
export function mayBeCloud({ network: { names } }: Observed): boolean {
  return names.platform === undefined || names.platform.kind === 'cloud';
}

/** Whether the host is a machine in a cloud, whose fabric is no LAN. Not known counts as no. */
export function isInCloud({ network: { names } }: Observed): boolean {
  return names.platform?.kind === 'cloud';
}
