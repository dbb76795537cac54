import type { NetworkState } from '../network-state.js';
import type { Observations } from './observations.js';

/** A MAC address that replied for an address, and the link it was asked on. */
export interface ReplyingMac {
  readonly node: string;
  readonly device: string;
  readonly mac: string;
}

type Known = { readonly network: NetworkState; readonly observed: Observations };

/**
 * Machines other than the host and its containers that replied for an address when it was asked for. Not the gateway where it
 * replies for the addresses of others too (proxy ARP), as clouds and private VLANs do.
 */
export function foreignReplies({ network, observed }: Known, address: string): readonly ReplyingMac[] {
  const { names, links } = network;
  const ours = [names.hostName, ...names.containers.map(({ name }) => name)];
  const own = new Set(ours.flatMap((node) => links.of(node) ?? []).map(({ mac }) => mac?.toLowerCase()));
  const proxies = new Set(
    names.isGateway(address) ? [] : (names.gateway?.addresses ?? []).flatMap((one) => macsReplying(observed, one)),
  );
  return observed
    .askedFor(address)
    .flatMap(({ node, device, macs }) => macs.map((mac) => ({ node, device, mac })))
    .filter(({ mac }) => !own.has(mac) && !proxies.has(mac));
}

/** Every MAC address that replied for an address; more than one: it was given away twice. */
export function macsReplying(observed: Observations, address: string): readonly string[] {
  return [...new Set(observed.askedFor(address).flatMap(({ macs }) => macs))];
}

/** Docker gave MAC addresses of this form until version 28: a container of another Docker host has it. */
export function isDockerMac(mac: string): boolean {
  return mac.toLowerCase().startsWith('02:42:');
}
