import { familyOf } from '../../../ip.js';
import type { RouteQuery } from '../../../network/fib.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';

export const hostDefaultRouteLost = defineCause({
  id: 'host-default-route-lost',
  title: 'The host has no default route',
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    In L3 and L3S mode containers use the host's routes. When the parent was set down and up again, or a lease ran out, the
    host's default route is gone: the LAN stays reachable, and neither the host nor its containers reach anything beyond it.
    The container's own default route still looks fine. Containers in L2 and on macvlan are not affected.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html'],

  detect({ flows, network }) {
    const host = network.names.hostName;
    const lost = failing(flows).filter((flow) => hasNoWayOut(network, flow));
    // A parent that is down took its routes along: then that is the cause, and its remedy brings them back.
    const state = (flow: Flow) => network.links.state(host, flow.network?.parent);
    const flow = telling(lost.filter((one) => state(one) === 'up' || state(one) === 'no-carrier'));
    if (!flow)
      return lost.some((one) => state(one) === undefined)
        ? cannotTell({
            missing: `the links of ${host}: routes go with a parent that is set down`,
            explains: idsOf(lost),
          })
        : undefined;
    return found({
      detail: { flow, host, router: network.addresses.routerLike(flow.to.address) },
      explains: idsOf([...lost, ...ofTheHost({ network, flows })]),
      because: [{ kind: 'no-route', node: host, destination: flow.to.address }],
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: the Docker host itself has no route to ${flow.to.address}, and its L3 containers use the host's routes.`,
  remedy: ({ flow, host, router }) => [
    {
      title: "Restore the host's default route",
      use: router === undefined ? 'advice' : 'run',
      changes: [
        {
          kind: 'route',
          on: host,
          do: 'replace',
          route: {
            destination: 'default',
            family: 4,
            via: router ?? placeholder('GATEWAY'),
            device: flow.network?.parent ?? '',
          },
        },
      ],
    },
    advice('Let a network manager own the interface, so that it restores the route by itself', host, [
      sh`networkctl status || nmcli device status`,
    ]),
  ],
});

/** Policy rules may send the container's packets elsewhere; those that IPvlan pins to the parent find routes through it only. */
function hasNoWayOut(network: NetworkState, flow: Flow): boolean {
  const packet = { destination: flow.to.address, source: flow.containerAddress };
  return (
    crossesParent(flow) &&
    isLayer3(flow.network) &&
    flow.outbound &&
    isStranded(network, { ...packet, outDevice: flow.network?.parent }) &&
    isStranded(network, packet)
  );
}

/** The host's own packets, and its replies to its containers, have no route either. */
function ofTheHost({ network, flows }: Pick<Observed, 'network' | 'flows'>): readonly Flow[] {
  return failing(flows).filter(({ peer, containerAddress = '', from, to }) =>
    peer === 'host'
      ? isStranded(network, { destination: containerAddress })
      : from.node?.name === network.names.hostName && isStranded(network, { destination: to.address }),
  );
}

/** Whether no route takes a packet, or one that forbids it does. IPv6 loses its routes in other ways, and has its own cause. */
function isStranded({ routing, names }: NetworkState, packet: RouteQuery): boolean {
  if (familyOf(packet.destination) !== 4) return false;
  const hop = routing.lookup(names.hostName, packet);
  return hop?.kind === 'none' || (hop?.kind === 'blocked' && 'destination' in hop.by);
}
