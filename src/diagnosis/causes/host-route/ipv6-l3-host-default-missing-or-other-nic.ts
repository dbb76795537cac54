import { familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { containersOwnDefaultRoute, restoredDefaultRoute } from '../../remedies/ipv6-default-route.js';

/** What the host's routes do with a container's IPv6 packet: nothing, or send it out through another device. */
type NoDefaultRoute = { readonly kind: 'no-route' } | { readonly kind: 'elsewhere'; readonly device: string };

export const ipv6L3HostDefaultMissingOrOtherNic = defineCause({
  id: 'ipv6-l3-host-default-missing-or-other-nic',
  title: "The host's IPv6 default route is missing, or uses another interface than the parent",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    In L3 and L3S mode IPv6 packets of containers follow the host's routes too, with two differences from IPv4. Where no route
    matches, they are dropped before the wire. A host that forwards ignores router advertisements unless accept_ra is 2, so
    its default route expires one day. And the kernel does not pin a packet to the parent when it has a source address: with
    a better default route through another interface it leaves there, and the replies arrive where no container is.
    IPv4 may be perfectly healthy all the while.`,
  see: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect({ flows, network }) {
    const host = network.names.hostName;
    const lost = failing(flows).filter(
      (flow) =>
        isOutboundSix(flow) &&
        network.links.state(host, flow.network?.parent) === 'up' &&
        noDefaultRoute(network, flow),
    );
    const flow = telling(lost);
    const way = flow && noDefaultRoute(network, flow);
    if (!flow || !way) return undefined;
    const own = failing(flows).filter(({ from, to }) => from.node?.name === host && hasNoRoute(network, to.address));
    const parent = flow.network?.parent ?? '';
    const destination = flow.to.address;
    return found({
      detail: { flow, host, way, parent, subnets: subnetsOf(lost), router: network.addresses.routerLike(destination) },
      explains: idsOf([...lost, ...own]),
      because: [
        way.kind === 'no-route'
          ? { kind: 'no-route', node: host, destination }
          : { kind: 'route-elsewhere', node: host, destination, device: way.device, expected: parent },
      ],
    });
  },
  explain: ({ flow, way, parent }) =>
    way.kind === 'no-route'
      ? `${complaint(flow)}: the Docker host has no IPv6 route to ${flow.to.address}, and its L3 containers use the host's routes.`
      : `${complaint(flow)}: the Docker host's IPv6 default route uses ${way.device}, and the container's packets leave there instead of through ${parent}.`,
  remedy: (detail) =>
    detail.way.kind === 'no-route' ? restoredDefaultRoute(detail) : containersOwnDefaultRoute(detail),
});

function isSix(address: string): boolean {
  return familyOf(address) === 6;
}

function hasNoRoute({ routing, names }: NetworkState, destination: string): boolean {
  return isSix(destination) && routing.lookup(names.hostName, { destination })?.kind === 'none';
}

function isOutboundSix(flow: Flow): boolean {
  return (
    crossesParent(flow) && isLayer3(flow.network) && flow.outbound && flow.peer !== 'host' && isSix(flow.to.address)
  );
}

function noDefaultRoute(
  { routing, names }: NetworkState,
  { to, containerAddress, network }: Flow,
): NoDefaultRoute | undefined {
  const hop = routing.lookup(names.hostName, { destination: to.address, source: containerAddress });
  if (hop?.kind === 'none') return { kind: 'no-route' };
  const elsewhere = (hop?.kind === 'via' || hop?.kind === 'on-link') && hop.device !== network?.parent;
  return elsewhere ? { kind: 'elsewhere', device: hop.device } : undefined;
}
