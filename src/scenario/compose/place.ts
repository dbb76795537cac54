import { familyOf } from '../../ip.js';
import type { Path, Source } from '../source.js';
import type { WantedNetwork } from './networks.js';
import type { WantedService } from './services.js';

/** Where a compose file says of a network what a scenario says elsewhere. */
const NETWORK_PLACES: Readonly<Record<string, Path>> = {
  parent: ['driver_opts', 'parent'],
  flag: ['driver_opts', 'ipvlan_flag'],
  subnets: ['ipam', 'config'],
  range: ['ip_range'],
  reserved: ['aux_addresses'],
};

interface Wanted {
  readonly networks: readonly WantedNetwork[];
  readonly services: readonly WantedService[];
}

/** A source that finds in a compose file what is named by its place in a scenario. */
export function composeSource(source: Source, { networks, services }: Wanted): Source {
  return {
    ...source,
    locate([part, index, ...rest], position) {
      const service = part === 'containers' ? services[Number(index)] : undefined;
      const network = part === 'networks' ? networks[Number(index)] : undefined;
      const path = service ? inService(service, rest) : network ? inNetwork(network, rest) : [];
      return source.locate(path, position);
    },
  };
}

function inNetwork({ key, network }: WantedNetwork, rest: Path): Path {
  const mode = ['driver_opts', `${network.driver ?? 'ipvlan'}_mode`];
  return ['networks', key, ...rest.flatMap((step) => (step === 'mode' ? mode : (NETWORK_PLACES[step] ?? [step])))];
}

function inService({ key, container, networks, macOn }: WantedService, [what, index, ...rest]: Path): Path {
  if (what === 'mac') return ['services', key, ...(macOn === undefined ? [] : ['networks', macOn]), 'mac_address'];
  const network = networks[Number(index)];
  if (what !== 'networks' || network === undefined) return ['services', key];
  const [part, position = 0] = rest;
  if (part !== 'address') return ['services', key, 'networks', network];
  const addresses = container.networks?.[Number(index)]?.address ?? [];
  const address = typeof addresses === 'string' ? addresses : addresses[Number(position)];
  const family = address === undefined ? [] : [`ipv${familyOf(address) ?? 4}_address`];
  return ['services', key, 'networks', network, ...family];
}
