import { familyOf, subnetOf } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder } from '../../../shell.js';
import { advice, defineCause, found, ruledOut, type Remedy, type RuledOut } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isShutIn, subnetsOf } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { repliesThrough } from '../../symptoms/host-replies.js';
import { unansweredArp } from '../../symptoms/wire.js';

export const defaultRouteNotViaParent = defineCause({
  id: 'default-route-not-via-parent',
  title: "The host's default route uses another interface than the parent",
  layer: 'host-route',
  kind: 'fault',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'routes', 'rules'],
  background: `
    In L3 and L3S mode the host looks up the route of a container's packet with the output pinned to the parent. When the
    host's default route uses another interface (a second network card, Wi-Fi, a VPN), that route does not count. The kernel
    then takes the whole internet to be directly attached to the parent: it sends ARP requests for public addresses on the
    LAN, and there is no reply. The LAN stays reachable, the host itself reaches everything, and nothing is logged.`,
  see: ['https://github.com/canonical/lxd/pull/5182', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect({ flows, network, observed }) {
    const concerned = flows.filter((flow) => crossesParent(flow) && isLayer3(flow.network) && !isShutIn(network, flow));
    const outside = failing(concerned).filter(({ outbound, peer }) => outbound && peer === 'internet');
    const lost = outside.filter((flow) => otherDevice(network, flow) !== undefined);
    const [flow] = lost;
    const device = flow && otherDevice(network, flow);
    if (!flow || device === undefined) return parentIsUsed(network, outside[0]);
    const host = network.names.hostName;
    const replies = repliesThrough({ network, flows: concerned }, device);
    return found({
      about: flow,
      detail: {
        flow,
        host,
        device,
        parent: flow.network?.parent ?? '',
        shared: sharedSubnet(network, [device, flow.network?.parent ?? '']),
        spare: spareMetric(network),
        replies: subnetsOf(replies),
        router: network.addresses.routerLike(flow.to.address),
      },
      explains: idsOf([...lost, ...replies]),
      because: [
        { kind: 'route', node: host, destination: flow.to.address, device },
        { kind: 'no-route', node: host, destination: flow.to.address, outDevice: flow.network?.parent },
        ...unansweredArp({ network, observed }, flow, flow.to.address),
      ],
    });
  },
  explain: ({ flow, parent, device, shared }) =>
    `${complaint(flow)}: the Docker host's default route uses ${device}, and IPvlan ${flow.network?.mode?.toUpperCase()} can only use routes through its parent ${parent}.${
      shared === undefined
        ? ''
        : ` Both have an address in ${shared}, so the host also answers ARP for either address on both, and replies may come in on the wrong one.`
    }`,
  remedy: ({ flow, host, parent, router, replies, spare, device, shared }) => {
    const secondRoute: Remedy = {
      title: 'Add a second default route through the parent with a worse metric: only IPvlan will use it',
      use: router === undefined ? 'advice' : 'run',
      changes: [{ destination: 'default', metric: spare }, ...replies.map((destination) => ({ destination }))].map(
        (to) => ({
          kind: 'route',
          on: host,
          do: 'replace',
          route: { ...to, family: 4, via: router ?? placeholder('GATEWAY'), device: parent },
        }),
      ),
    };
    const otherParent = flow.network
      ? [recreateNetwork('Make the interface of the default route the parent', flow.network, { parent: device })]
      : [];
    if (shared === undefined) return [secondRoute, ...otherParent];
    return [...otherParent, secondRoute, eachForItself(host, [device, parent])];
  },
});

/** With two interfaces in one subnet the kernel answers ARP for any of its addresses on either. Source: ip-sysctl, `arp_ignore`. */
function eachForItself(host: string, devices: readonly string[]): Remedy {
  const settings = devices.flatMap((device) => [
    { device, name: 'arp_ignore', value: 1 },
    { device, name: 'arp_announce', value: 2 },
  ]);
  return advice(
    'Beside the second default route, let each of the two interfaces answer ARP for its own address alone',
    host,
    settings.map(({ device, name, value }) => ({
      kind: 'sysctl',
      on: host,
      name: `net/ipv4/conf/${device}/${name}`,
      value,
    })),
  );
}

/** The subnet that both interfaces of the host have an address in; `undefined` where they have none, or were not seen. */
function sharedSubnet({ links, names }: NetworkState, devices: readonly [string, string]): string | undefined {
  const [ones, others] = devices.map((device) =>
    (links.link(names.hostName, device)?.addresses ?? []).filter((own) => familyOf(own) === 4).map(subnetOf),
  );
  return ones?.find((subnet) => others?.includes(subnet));
}

/** The other device a packet would use if it were free, where pinned to the parent it finds no route. IPv4 only. */
function otherDevice({ routing, names }: NetworkState, { to, network, containerAddress }: Flow): string | undefined {
  const outDevice = network?.parent ?? '';
  const packet = { destination: to.address, source: containerAddress };
  if (routing.pinned(names.hostName, { ...packet, outDevice })?.kind !== 'assumed-on-link') return undefined;
  // No route at all, or one that forbids it, is another cause.
  const device = routing.deviceFor(names.hostName, packet);
  return device === outDevice ? undefined : device;
}

function parentIsUsed({ routing, names }: NetworkState, flow: Flow | undefined): RuledOut | undefined {
  if (!flow) return undefined;
  const outDevice = flow.network?.parent ?? '';
  const packet = { destination: flow.to.address, source: flow.containerAddress, outDevice };
  const hop = routing.pinned(names.hostName, packet);
  return hop?.kind === 'via'
    ? ruledOut(`Pinned to ${outDevice}, the host's route to ${flow.to.address} uses ${hop.gateway}.`)
    : undefined;
}

/** Worse than that of any default route, so that only a pinned lookup uses it. */
function spareMetric({ routing, names }: NetworkState): number {
  return 5000 + Math.max(0, ...routing.defaults(names.hostName, 4).map(({ metric }) => metric));
}
