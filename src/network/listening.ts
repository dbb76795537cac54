import type { Socket } from '../evidence/facts.js';
import { contains, familyOf, sameAddress } from '../ip.js';
import type { NetworkState } from './network-state.js';

/** A port that a service listens on. */
export interface Port {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** Whether a socket bound to one address takes what is sent to another: `0.0.0.0` takes all IPv4, `::` usually both. */
export function takes(bound: string, destination: string): boolean {
  if (bound === '::') return true;
  if (bound === '0.0.0.0') return familyOf(destination) === 4;
  return sameAddress(bound, destination);
}

/** The sockets of a node on a port; `undefined` where its sockets were not seen. */
export function listening(state: NetworkState, node: string, { protocol, port }: Port): readonly Socket[] | undefined {
  return state.sockets(node)?.filter((socket) => socket.protocol === protocol && socket.port === port);
}

/** Whether a node listens on a port at one of its addresses; `undefined` where its sockets were not seen. */
export function listensAt(
  state: NetworkState,
  node: string,
  { address, ...port }: Port & { readonly address: string },
): boolean | undefined {
  return listening(state, node, port)?.some((socket) => takes(socket.address, address));
}

/** Whether an address is one that only the node itself reaches. */
export function isLoopback(address: string): boolean {
  return contains(familyOf(address) === 6 ? '::1/128' : '127.0.0.0/8', address);
}

/** Linux gives clients ports from here on (`net.ipv4.ip_local_port_range`): a UDP socket there seldom serves. */
const FIRST_CLIENT_PORT = 32_768;

/** Whether a socket is one that a machine elsewhere can reach. */
export function isService({ protocol, address, port }: Socket): boolean {
  return !isLoopback(address) && (protocol === 'tcp' || port < FIRST_CLIENT_PORT);
}
