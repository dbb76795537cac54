import type { Link, NetworkFact } from '../../../evidence/facts.js';
import { bare, familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { freeAddress, shimsOn } from '../../symptoms/shim.js';

/** A shim that one container is not reached through. */
interface Idle {
  readonly flow: Flow;
  readonly shim: Link;
  readonly network: NetworkFact;
  readonly container: string;
  /** The device the host's route to the container uses; `undefined` when none takes it. */
  readonly device: string | undefined;
  /** An address for a shim that has none. */
  readonly spare: string | undefined;
}

export const shimMisconfigured = defineCause({
  id: 'shim-misconfigured',
  title: "The host's route to its containers does not use the host's own link on the parent",
  layer: 'host-route',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    Host and containers talk through a link of the host's own on the parent, a "shim", if the host's route to the containers
    uses it. A shim with the LAN's whole prefix only adds a second, equal route to the LAN, and the kernel goes on using
    the first one, through the parent, where there is no reply. A shim needs an address with /32 and a route for each
    container, or for the part of the subnet that Docker assigns from.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://github.com/moby/moby/issues/21735'],

  detect({ flows, network }) {
    const idle = failing(flows).flatMap((flow) => idleShim(network, flow) ?? []);
    const [first] = idle;
    if (!first) return undefined;
    const host = network.names.hostName;
    const each = [...new Map(idle.map((one) => [`${one.shim.name} ${one.container}`, one])).values()];
    return found({
      about: first.flow,
      detail: { host, first, each },
      explains: idsOf(idle.map(({ flow }) => flow)),
      because: each.map((one) => whyIdle(host, one)),
    });
  },
  explain: ({ first: { flow, shim, container, device } }) =>
    shim.adminUp
      ? `${complaint(flow)}: the Docker host has ${shim.name} for that, and its route to ${container} uses ${device ?? 'nothing'} instead.`
      : `${complaint(flow)}: the Docker host has ${shim.name} for that, and it is administratively down.`,
  remedy: ({ host, each }) => [
    {
      title: 'Route each container through the shim. It does not survive a restart',
      use: 'run',
      commands: each.flatMap((one) => repair(host, one)),
    },
  ],
});

function idleShim({ names, links, routing }: NetworkState, flow: Flow): Idle | undefined {
  const { network, containerAddress: container } = flow;
  const host = names.hostName;
  const onHost = links.of(host);
  const hop = container === undefined ? undefined : routing.lookup(host, { destination: container });
  if (!network || container === undefined || !onHost || !hop || flow.peer !== 'host') return undefined;
  if (!crossesParent(flow) || !isOnLink(flow) || links.state(host, network.parent) !== 'up') return undefined;
  const device = 'device' in hop ? hop.device : undefined;
  const shims = shimsOn(onHost, network);
  const chosen = shims.find(({ name }) => name === device);
  // A route through a third link, such as a VPN's policy rule makes, is the cause then, and no shim.
  if (device !== undefined && device !== network.parent && !chosen) return undefined;
  const shim = chosen ?? shims[0];
  if (!shim || (shim.adminUp && device === shim.name)) return undefined;
  const spare = hasAddress(shim, container) ? undefined : freeAddress(network, familyOf(container) ?? 4, names);
  return { flow, shim, network, container, device, spare };
}

/** Whether a link has an address of another's family that is not link-local. */
function hasAddress({ addresses }: Link, like: string): boolean {
  return addresses.some((own) => familyOf(own) === familyOf(like) && !own.startsWith('fe80'));
}

function whyIdle(node: string, { shim, container: destination, device }: Idle): Observation {
  return shim.adminUp
    ? { kind: 'route-elsewhere', node, destination, device, expected: shim.name }
    : { kind: 'link-state', at: { node, device: shim.name }, state: 'down' };
}

function repair(host: string, { shim, container, spare }: Idle): readonly Change[] {
  const family = familyOf(container) ?? 4;
  const length = family === 6 ? 128 : 32;
  const source = spare ?? shim.addresses.map(bare).find((address) => familyOf(address) === family);
  const device = shim.name;
  return [
    ...(spare === undefined
      ? []
      : [{ kind: 'address', on: host, do: 'replace', device, address: `${spare}/${length}` } as const]),
    ...(shim.adminUp
      ? []
      : [{ kind: 'link', on: host, device, set: { state: 'up' }, was: { state: 'down' } } as const]),
    {
      kind: 'route',
      on: host,
      do: 'replace',
      route: { destination: `${container}/${length}`, family, device, source },
    },
  ];
}
