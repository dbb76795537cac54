import type { Link, NetworkFact } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';
import { crossesParent, isOnLink } from '../flow-questions.js';
import { freeAddress, shimsOn } from './shim.js';

/** A shim that one container is not reached through. */
export interface IdleShim {
  readonly flow: Flow;
  readonly shim: Link;
  readonly network: NetworkFact;
  readonly container: string;
  /** The device the host's route to the container uses; `undefined` when none takes it. */
  readonly device: string | undefined;
  /** An address for a shim that has none. */
  readonly spare: string | undefined;
}

/** The shim that a failing flow between the host and a container should use; `undefined` where it does, or there is none. */
export function idleShim({ names, links, routing }: NetworkState, flow: Flow): IdleShim | undefined {
  const { network, containerAddress: container } = flow;
  const host = names.hostName;
  const hop = container === undefined ? undefined : routing.lookup(host, { destination: container });
  if (!network || container === undefined || !hop || !isBetweenHostAndOnLink(flow)) return undefined;
  const onHost = links.of(host);
  if (!onHost || links.state(host, network.parent) !== 'up') return undefined;
  const device = 'device' in hop ? hop.device : undefined;
  const shim = unusedShim(shimsOn(onHost, network), device, network.parent);
  if (!shim) return undefined;
  const spare = hasAddress(shim, container) ? undefined : freeAddress(network, familyOf(container) ?? 4, names);
  return { flow, shim, network, container, device, spare };
}

function isBetweenHostAndOnLink(flow: Flow): boolean {
  return flow.peer === 'host' && crossesParent(flow) && isOnLink(flow);
}

/** The shim that a route through `device` does not use, or that is down. */
function unusedShim(shims: readonly Link[], device: string | undefined, parent: string | undefined): Link | undefined {
  const chosen = shims.find(({ name }) => name === device);
  // A route through a third link, such as a VPN's policy rule makes, is the cause then, and no shim.
  if (device !== undefined && device !== parent && !chosen) return undefined;
  const shim = chosen ?? shims[0];
  return shim?.adminUp && device === shim.name ? undefined : shim;
}

/** Whether a link has an address of another's family that is not link-local. */
function hasAddress({ addresses }: Link, like: string): boolean {
  return addresses.some((own) => familyOf(own) === familyOf(like) && !own.startsWith('fe80'));
}
