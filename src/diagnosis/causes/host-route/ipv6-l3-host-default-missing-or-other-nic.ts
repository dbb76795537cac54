import { familyOf } from '../../../ip.js';
import { lookup, type Fib } from '../../../network/fib.js';
import { placeholder, sh } from '../../../shell.js';
import { defineCause, found, on, type Remedy } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, subnetsOf, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { fibOf, hostName, linkState, nodeOfKind } from '../../reading.js';

/** What the host's routes do with a container's IPv6 packet: nothing, or send it out elsewhere. */
type Astray = { readonly kind: 'nowhere' } | { readonly kind: 'elsewhere'; readonly device: string };

export const ipv6L3HostDefaultMissingOrOtherNic = defineCause({
  id: 'ipv6-l3-host-default-missing-or-other-nic',
  title: "The host's IPv6 default route is missing, or leaves by another interface than the parent",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    In L3 and L3S mode IPv6 packets of containers follow the host's routes too, with two differences from IPv4. Where no route
    matches, they are dropped before the wire; a host that forwards ignores router advertisements unless accept_ra is 2, so
    that its default route runs out one day. And the kernel does not hold a packet to the parent when it has a source address:
    with a better default route by another interface it leaves there, and the answers come back where no container is.
    IPv4 may be perfectly healthy all the while.`,
  see: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const host = hostName(view.nodes);
    const fib = fibOf(host, view);
    if (!fib) return undefined;
    const lost = failing(view.flows).filter(
      (flow) => isOutboundSix(flow) && linkState(view.links[host], flow.network?.parent) === 'up' && astray(fib, flow),
    );
    const flow = telling(lost);
    const way = flow && astray(fib, flow);
    if (!flow || !way) return undefined;
    const own = failing(view.flows).filter(({ from, to }) => from.node?.name === host && hasNoWay(fib, to.address));
    const parent = flow.network?.parent ?? '';
    return found({
      detail: { flow, host, way, parent, subnets: subnetsOf(lost), gateway: gatewayOf(view.nodes) },
      explains: idsOf([...lost, ...own]),
      because: [
        way.kind === 'nowhere'
          ? `${host}: no IPv6 route matches ${flow.to.address} (ip -6 route get ${flow.to.address}).`
          : `${host}: the IPv6 route to ${flow.to.address} leaves by ${way.device}, and nothing holds the container's packets to ${parent}.`,
      ],
    });
  },
  explain: ({ flow, way, parent }) =>
    way.kind === 'nowhere'
      ? `${complaint(flow)}: the Docker host has no IPv6 route to ${flow.to.address}, and its L3 containers use the host's routes.`
      : `${complaint(flow)}: the Docker host's IPv6 default route leaves by ${way.device}, and the container's packets go out there instead of by ${parent}.`,
  remedy: (detail) => (detail.way.kind === 'nowhere' ? giveBack(detail) : holdToParent(detail)),
});

function isSix(address: string): boolean {
  return familyOf(address) === 6;
}

function hasNoWay(fib: Fib, destination: string): boolean {
  return isSix(destination) && lookup(fib, { destination }).kind === 'none';
}

function isOutboundSix(flow: Flow): boolean {
  return (
    crossesParent(flow) && isLayer3(flow.network) && flow.outbound && flow.peer !== 'host' && isSix(flow.to.address)
  );
}

function astray(fib: Fib, { to, containerAddress, network }: Flow): Astray | undefined {
  const question = { destination: to.address, source: containerAddress };
  const hop = lookup(fib, question);
  if (hop.kind === 'none') return { kind: 'nowhere' };
  const elsewhere = (hop.kind === 'via' || hop.kind === 'on-link') && hop.device !== network?.parent;
  return elsewhere ? { kind: 'elsewhere', device: hop.device } : undefined;
}

function gatewayOf(nodes: Parameters<typeof nodeOfKind>[0]): string | undefined {
  return nodeOfKind(nodes, 'gateway')?.addresses.find(isSix);
}

interface Way {
  readonly host: string;
  readonly parent: string;
  readonly gateway: string | undefined;
  readonly subnets: readonly string[];
}

function giveBack({ host, parent, gateway }: Way): readonly Remedy[] {
  const route = sh`default via ${gateway ?? placeholder('GATEWAY')} dev ${parent}`;
  return [
    {
      title: 'Give the host its IPv6 default route back',
      use: gateway === undefined ? 'advice' : 'run',
      commands: [on(host, sh`ip -6 route replace ${route}`, sh`ip -6 route del ${route}`)],
    },
    {
      title: 'For good, where it comes by router advertisements: listen to them although the host forwards',
      use: 'advice',
      commands: [
        on(host, sh`sysctl -w net/ipv6/conf/${parent}/accept_ra=2`, sh`sysctl -w net/ipv6/conf/${parent}/accept_ra=1`),
      ],
    },
  ];
}

/** A table of our own, so that the host's own traffic keeps the way it has. */
const TABLE = 7291;

function holdToParent({ host, parent, gateway, subnets }: Way): readonly Remedy[] {
  const route = sh`default via ${gateway ?? placeholder('GATEWAY')} dev ${parent} table ${TABLE}`;
  return [
    {
      title: 'Give the containers a default route of their own by the parent, in a table that only they use',
      use: gateway === undefined ? 'advice' : 'run',
      commands: [
        on(host, sh`ip -6 route replace ${route}`, sh`ip -6 route del ${route}`),
        // What the main table knows better than by its default route stays as it is.
        on(
          host,
          sh`ip -6 rule add priority ${TABLE - 1} lookup main suppress_prefixlength 0`,
          sh`ip -6 rule del priority ${TABLE - 1} lookup main suppress_prefixlength 0`,
        ),
        ...subnets.map((subnet) => {
          const words = sh`from ${subnet} priority ${TABLE} lookup ${TABLE}`;
          return on(host, sh`ip -6 rule add ${words}`, sh`ip -6 rule del ${words}`);
        }),
      ],
    },
  ];
}
