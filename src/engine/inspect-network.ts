import { DoctorError } from '../errors.js';
import type { NetworkFact } from '../evidence/facts.js';
import { refuseControlCharacters } from './by-name.js';

/** The part of Docker's answer that we read. All else is left out, above all environment and labels. */
interface NetworkAnswer {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Internal: boolean;
  readonly Scope?: string;
  readonly Attachable?: boolean;
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6?: boolean;
  readonly ConfigFrom?: { readonly Network?: string } | null;
  readonly Options?: Readonly<Record<string, string>> | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly IPAM?: {
    readonly Driver?: string;
    readonly Options?: Readonly<Record<string, string>> | null;
    readonly Config?: readonly SubnetAnswer[] | null;
  };
}

interface SubnetAnswer {
  readonly Subnet?: string;
  readonly Gateway?: string;
  readonly IPRange?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>> | null;
}

interface LibpodNetworkAnswer {
  readonly network_interface?: string;
  readonly options?: Readonly<Record<string, string>> | null;
}

/**
 * @param answer what `docker network inspect` answers
 * @param podman what Podman answers in its own interface; absent for Docker
 * @throws DoctorError `USAGE` for a network of a driver we know nothing about, or with a control character in its name
 */
export function networkFact(answer: unknown, podman?: unknown): NetworkFact {
  const network = answer as NetworkAnswer;
  refuseControlCharacters(network.Name, 'network');
  const own = podman as LibpodNetworkAnswer | undefined;
  const driver = driverOf(network);
  const options = own ? podmanOptions(network, own) : (network.Options ?? {});
  return {
    name: network.Name,
    id: network.Id,
    driver,
    mode: driver === 'bridge' ? undefined : (options[`${driver}_mode`] ?? (driver === 'ipvlan' ? 'l2' : 'bridge')),
    flag: options['ipvlan_flag'],
    parent: (own?.network_interface || undefined) ?? (driver === 'bridge' ? bridgeName(network) : options['parent']),
    internal: network.Internal,
    subnets: (network.IPAM?.Config ?? []).flatMap(subnetsOf),
    options,
    ...furtherSettings(network),
  };
}

function subnetsOf({ Subnet, Gateway, IPRange, AuxiliaryAddresses }: SubnetAnswer): NetworkFact['subnets'] {
  if (!Subnet) return [];
  return [
    {
      subnet: Subnet,
      gateway: Gateway?.split('/')[0] || undefined,
      ...(IPRange ? { range: IPRange } : {}),
      ...(isEmpty(AuxiliaryAddresses) ? {} : { reserved: AuxiliaryAddresses }),
    },
  ];
}

/** What a network has besides its driver and addresses, and would lack if it were created without it. */
function furtherSettings(network: NetworkAnswer): Partial<NetworkFact> {
  const { EnableIPv4, EnableIPv6, Attachable, Scope, ConfigFrom, Labels, IPAM } = network;
  const labels = Object.fromEntries(Object.entries(Labels ?? {}).filter(([key]) => !key.startsWith('ipvlan-doctor.')));
  const ipam = {
    ...(IPAM?.Driver && IPAM.Driver !== 'default' ? { driver: IPAM.Driver } : {}),
    ...(isEmpty(IPAM?.Options) ? {} : { options: IPAM.Options }),
  };
  return {
    ...(EnableIPv4 === undefined ? {} : { ipv4: EnableIPv4 }),
    ...(EnableIPv6 === undefined ? {} : { ipv6: EnableIPv6 }),
    ...(Attachable ? { attachable: true } : {}),
    ...(Scope === 'swarm' ? { scope: 'swarm' as const } : {}),
    ...(ConfigFrom?.Network ? { configFrom: ConfigFrom.Network } : {}),
    ...(isEmpty(ipam) ? {} : { ipam }),
    ...(isEmpty(labels) ? {} : { labels }),
  };
}

function isEmpty(all: object | null | undefined): all is null | undefined {
  return Object.keys(all ?? {}).length === 0;
}

/** Podman calls an option `mode` that Docker names after the driver. Podman uses only `mode`, even when it keeps other options. */
function podmanOptions(network: NetworkAnswer, { options }: LibpodNetworkAnswer): Readonly<Record<string, string>> {
  const asked = `${network.Driver}_mode`;
  const kept = Object.entries({ ...network.Options, ...options }).filter(([key]) => key !== asked);
  return Object.fromEntries(kept.map(([key, value]) => [key === 'mode' ? asked : key, value]));
}

function driverOf({ Driver, Name }: NetworkAnswer): NetworkFact['driver'] {
  if (Driver === 'ipvlan' || Driver === 'macvlan' || Driver === 'bridge') return Driver;
  throw new DoctorError('USAGE', `The network ${Name} has the driver ${Driver}, which ipvlan-doctor does not know.`, {
    hint: 'It examines ipvlan, macvlan and bridge networks.',
  });
}

function bridgeName(network: NetworkAnswer): string {
  return network.Options?.['com.docker.network.bridge.name'] ?? `br-${network.Id.slice(0, 12)}`;
}
