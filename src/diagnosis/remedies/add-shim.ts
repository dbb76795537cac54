import type { NetworkFact } from '../../evidence/facts.js';
import { contains, familyOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { advice, type Remedy } from '../cause.js';
import { freeAddress, type Reached } from '../symptoms/shim.js';
import type { Change } from './change.js';
import { createNetwork } from './create-network.js';

/** A link of the host's own on a network's parent, a sibling of the containers, by which the two can talk. */
export interface Shim {
  readonly host: string;
  readonly network: NetworkFact;
  readonly link: string;
  readonly routes: readonly ShimRoutes[];
}

/** The routes of one family: a free address of the host's, and the containers that are reached from it. */
interface ShimRoutes {
  readonly family: 4 | 6;
  readonly own: string;
  readonly containers: readonly string[];
}

/** One shim for each network, with an address and routes for the containers that are to be reached. */
export function shimsFor(reached: readonly Reached[], { names, links }: NetworkState): readonly Shim[] {
  const host = names.hostName;
  const networks = [...new Map(reached.map(({ network }) => [network.name, network])).values()];
  return networks.map((network, index) => {
    const addresses = reached.flatMap((one) => (one.network.name === network.name ? [one.address] : []));
    const name = `doctor-shim${index}`;
    return {
      host,
      network,
      link: links.link(host, name) ? `${name}b` : name,
      routes: ([4, 6] as const).flatMap((family) => {
        const containers = [...new Set(addresses)].filter((address) => familyOf(address) === family);
        const own = containers.length > 0 ? freeAddress(network, family, names) : undefined;
        return own === undefined ? [] : [{ family, own, containers }];
      }),
    };
  });
}

/** Makes the link, gives it its address, and routes the containers through it. All may be run again without doing it twice. */
export function addShim({ host, network, link: device, routes }: Shim): readonly Change[] {
  const driver = network.driver === 'macvlan' ? 'macvlan' : 'ipvlan';
  const mode = driver === 'macvlan' ? 'bridge' : (network.mode ?? 'l2');
  return [
    { kind: 'create-link', on: host, device, lower: network.parent ?? '', driver, mode },
    ...routes.map(({ family, own }): Change => ({
      kind: 'address',
      on: host,
      do: 'replace',
      device,
      address: whole(own, family),
    })),
    { kind: 'link', on: host, device, set: { state: 'up' }, was: { state: 'down' } },
    ...routes.flatMap(({ family, own: source, containers }) =>
      containers.map((address): Change => {
        const route = { destination: whole(address, family), family, device, source };
        return { kind: 'route', on: host, do: 'replace', route };
      }),
    ),
  ];
}

/** Docker must not give the shim's address to a container. */
export function reserve({ network, routes }: Shim): Remedy {
  const kept = routes.map(({ own }, index) => [`shim${index}`, own] as const);
  const subnets = network.subnets.map((one) => ({
    ...one,
    reserved: { ...one.reserved, ...Object.fromEntries(kept.filter(([, own]) => contains(one.subnet, own))) },
  }));
  return advice(
    "Reserve the shim's address when the network is recreated, so that Docker assigns it to no container",
    'docker',
    [createNetwork(network, { subnets })],
  );
}

function whole(address: string, family: 4 | 6): string {
  return `${address}/${family === 4 ? 32 : 128}`;
}
