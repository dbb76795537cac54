import type { EngineFact, NetworkFact } from '../../evidence/facts.js';
import { bare, contains, familyOf, subnetOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { placeholder } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';
import type { Change } from './change.js';
import { recreateNetwork } from './create-network.js';

/** The IPv6 subnet of the LAN a parent leads to, and the router's address in it where that is known. */
export interface Ipv6Lan {
  readonly subnet: string;
  readonly gateway: string | undefined;
}

/** As the host's own addresses on the parent say it; `undefined` where it has no global one there. */
export function lanSubnet({ links, names }: NetworkState, { parent }: NetworkFact): Ipv6Lan | undefined {
  const own = links
    .link(names.hostName, parent)
    ?.addresses.find((address) => familyOf(bare(address)) === 6 && !/^fe80/i.test(address));
  if (own === undefined) return undefined;
  const subnet = subnetOf(own);
  return { subnet, gateway: names.gateway?.addresses.find((address) => contains(subnet, address)) };
}

/** A network as it is, with an IPv6 subnet beside its own: that of the LAN where it is known. */
export function withIpv6Subnet(network: NetworkFact, lan: Ipv6Lan | undefined): Remedy {
  const subnet = lan ?? { subnet: placeholder('IPV6_SUBNET'), gateway: undefined };
  return recreateNetwork('Recreate the network with an IPv6 subnet beside the IPv4 one', network, {
    ipv6: true,
    subnets: [...network.subnets, subnet],
  });
}

/** The first Docker Engine with sysctls of an endpoint. */
const ENDPOINT_SYSCTLS_SINCE = 27;

/** A container on a network, with its IPv4 address there. */
export interface OnNetwork {
  readonly container: string;
  readonly network: string;
  readonly address: string | undefined;
}

/** Containers whose links have IPv6 although Docker gives them no address: they take one from router advertisements. */
export function fromAdvertisements(
  all: readonly OnNetwork[],
  { engine, title }: { readonly engine: EngineFact | undefined; readonly title: string },
): Remedy {
  const major = Number.parseInt(engine?.version ?? '', 10);
  const older = major < ENDPOINT_SYSCTLS_SINCE ? `; this one is ${engine?.version}` : '';
  const sysctls = ['net.ipv6.conf.IFNAME.disable_ipv6=0'];
  return advice(
    `${title}. Docker Engine 27.0 or newer can do that${older}`,
    'docker',
    all.flatMap(({ container, network, address }): Change[] => [
      { kind: 'membership', do: 'disconnect', container, network },
      { kind: 'membership', do: 'connect', container, network, address, sysctls },
    ]),
  );
}
