import { familyOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import type { PolicyRuleChange, PolicyRuleSpec } from '../../remedies/changes/policy-rule.js';
import type { RouteChange } from '../../remedies/changes/route.js';

/** What the host's routes do with a container's IPv6 packet: nothing, or send it out through another device. */
type Astray = { readonly kind: 'no-route' } | { readonly kind: 'elsewhere'; readonly device: string };

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
        isOutboundSix(flow) && network.links.state(host, flow.network?.parent) === 'up' && astray(network, flow),
    );
    const flow = telling(lost);
    const way = flow && astray(network, flow);
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
  remedy: (detail) => (detail.way.kind === 'no-route' ? restored(detail) : ownTable(detail)),
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

function astray({ routing, names }: NetworkState, { to, containerAddress, network }: Flow): Astray | undefined {
  const hop = routing.lookup(names.hostName, { destination: to.address, source: containerAddress });
  if (hop?.kind === 'none') return { kind: 'no-route' };
  const elsewhere = (hop?.kind === 'via' || hop?.kind === 'on-link') && hop.device !== network?.parent;
  return elsewhere ? { kind: 'elsewhere', device: hop.device } : undefined;
}

interface Way {
  readonly host: string;
  readonly parent: string;
  readonly router: string | undefined;
  readonly subnets: readonly string[];
}

function defaultRoute({ host, parent, router }: Way, table?: number): RouteChange {
  const via = router ?? placeholder('GATEWAY');
  return {
    kind: 'route',
    on: host,
    do: 'replace',
    route: { destination: 'default', family: 6, via, device: parent, table },
  };
}

function restored(way: Way): readonly Remedy[] {
  const name = `net/ipv6/conf/${way.parent}/accept_ra`;
  return [
    {
      title: "Restore the host's IPv6 default route",
      use: way.router === undefined ? 'advice' : 'run',
      commands: [defaultRoute(way)],
    },
    {
      title: 'For good, where it comes from router advertisements: accept them although the host forwards',
      use: 'advice',
      commands: [{ kind: 'sysctl', on: way.host, name, value: 2, was: 1 }],
    },
  ];
}

/** A table of our own, so that the host's own traffic keeps the routes it has. */
const TABLE = 7291;

function ownTable(way: Way): readonly Remedy[] {
  const added = (rule: Omit<PolicyRuleSpec, 'family'>): PolicyRuleChange => ({
    kind: 'policy-rule',
    on: way.host,
    do: 'add',
    rule: { ...rule, family: 6 },
  });
  return [
    {
      title: 'Add a default route through the parent for the containers, in a table that only they use',
      use: way.router === undefined ? 'advice' : 'run',
      commands: [
        defaultRoute(way, TABLE),
        // What the main table knows better than by its default route stays as it is.
        added({ priority: TABLE - 1, table: 'main', suppressPrefix: 0 }),
        ...way.subnets.map((from) => added({ from, priority: TABLE, table: TABLE })),
      ],
    },
  ];
}
