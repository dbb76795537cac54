import type { ContainerFact, NetworkFact, Socket } from '../../evidence/facts.js';
import { bare, familyOf } from '../../ip.js';
import { isLoopback, isService, takes, type Port } from '../../network/listening.js';

/** A port of a container at one of its addresses, which machines outside may ask for. */
export interface Service extends Port {
  readonly address: string;
  readonly network: NetworkFact;
}

/** More ports of a container than these are not asked about. */
export const MOST_PORTS = 8;

/** What is known of a container and of what it listens on. */
export interface Listening {
  readonly container: ContainerFact;
  readonly networks: readonly NetworkFact[];
  readonly sockets: readonly Socket[];
}

/**
 * The services of a container, at each address that is on a parent's network and leads out: ports it listens on, and ports that
 * Docker was told to publish, which are meant for others wherever the service listens. Pure.
 */
export function servicesOf({ container, networks, sockets }: Listening): readonly Service[] {
  const serving = sockets.filter(isService);
  return addressesOf(container, networks).flatMap(({ address, network }) => {
    const heard = serving.filter((socket) => takes(socket.address, address));
    return distinctPorts([...heard, ...(container.publishes ?? [])]).map((port) => ({ ...port, address, network }));
  });
}

/** What only the container itself reaches, one sentence each. Docker's own resolver is at 127.0.0.11. Pure. */
export function localOnly({ container, sockets }: Pick<Listening, 'container' | 'sockets'>): readonly string[] {
  const open = new Set(sockets.filter(({ address }) => !isLoopback(address)).map(portText));
  const closed = sockets.filter((one) => isLoopback(one.address) && one.address !== '127.0.0.11');
  const said = closed.filter(
    (one) => !open.has(portText(one)) && (one.protocol === 'tcp' || isService({ ...one, address: '::' })),
  );
  return [...new Set(said.map((one) => `${portText(one)} at ${one.address}`))].map(
    (where) => `${container.name} listens on ${where} only: no other machine reaches it.`,
  );
}

function portText({ protocol, port }: Port): string {
  return `${protocol}/${port}`;
}

function addressesOf({ attachments }: ContainerFact, networks: readonly NetworkFact[]) {
  return attachments.flatMap((attachment) => {
    const network = networks.find(({ name }) => name === attachment.network);
    const leadsOut = network?.parent !== undefined && network.driver !== 'bridge' && !network.internal;
    return leadsOut ? attachment.addresses.map((one) => ({ address: bare(one), network })) : [];
  });
}

/** Each port once, in order. */
function distinctPorts(ports: readonly Port[]): readonly Port[] {
  const named = ports.map(({ protocol, port }) => [`${protocol}/${port}`, { protocol, port }] as const);
  return [...new Map(named).values()].sort((a, b) => a.port - b.port).slice(0, MOST_PORTS);
}

/** Whether an address is the first of its family among a container's: the others are named in what is told. */
export function isMain({ attachments }: ContainerFact, address: string): boolean {
  const all = attachments.flatMap(({ addresses }) => addresses.map(bare));
  return all.find((one) => familyOf(one) === 4) === address || all[0] === address;
}
