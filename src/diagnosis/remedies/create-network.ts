import type { AskedNetwork } from '../../evidence/facts.js';
import { contains } from '../../ip.js';
import { placeholder, sh, type ShellCommand } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';
import { openIn, type NetworkChange, type NetworkOverrides, type WantedSubnet } from './changes/network.js';

/** Creates a network as it was asked for, apart from what is wanted otherwise. */
export function createNetwork(network: AskedNetwork, wanted: NetworkOverrides = {}): NetworkChange {
  return { kind: 'network', do: 'create', network, wanted };
}

/** Advice to remove a network that exists and to create it as it should be. */
export function recreateNetwork(title: string, network: AskedNetwork, wanted: NetworkOverrides = {}): Remedy {
  const change = { kind: 'network', do: 'recreate', network, wanted } as const;
  const open = openIn(change);
  return open.length === 0
    ? advice(title, 'docker', [change])
    : advice(`${title}. Fill in ${open.join(' and ')}, and remove the old network first`, 'docker', [change]);
}
/** The subnets of a network with the router's address in the one it lies in; where it is not known, in the one of an address. */
export function withGateway(
  { subnets }: AskedNetwork,
  address: string | undefined,
  gateway: string | undefined,
): readonly WantedSubnet[] {
  const within = gateway ?? address;
  return subnets.map((one) =>
    within !== undefined && contains(one.subnet, within) ? { ...one, gateway: gateway ?? placeholder('GATEWAY') } : one,
  );
}

/** A VLAN of a link that the reader has to choose. */
export function vlanOn(parent: string | undefined): ShellCommand {
  return sh`${parent?.split('.')[0] ?? placeholder('PARENT')}.${placeholder('VLAN')}`;
}
