import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found, type Remedy } from '../../cause.js';
import { crossesParent, idsOf, named, subnetsOf } from '../../flow-questions.js';
import { bridgeInstead } from '../../remedies/bridge-instead.js';
import { bypassedTunnel } from '../../symptoms/bypassed-tunnel.js';
import { repliesThrough } from '../../symptoms/host-replies.js';

export const vpnBypass = defineCause({
  id: 'vpn-bypass',
  title: "The host's VPN carries the host's own traffic, and not that of its L3 containers",
  layer: 'host-route',
  kind: 'informational',
  hop: 'host-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    VPN clients leave the default route alone and add routes that win over it: wg-quick adds policy rules for a table of its
    own, OpenVPN two routes of half the internet each. In L3 and L3S mode the lookup for a container's packet is pinned to the
    parent, so those routes do not count and the old default route does: the containers' packets bypass the tunnel and leave
    unencrypted. The host's own packets to its containers, which used the router before, enter the tunnel and are lost.`,
  see: ['https://www.wireguard.com/netns/', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect({ flows, network }) {
    const concerned = flows.filter((flow) => crossesParent(flow) && isLayer3(flow.network));
    const past = concerned.filter(
      (flow) =>
        flow.outbound &&
        flow.peer === 'internet' &&
        flow.arrival === 'all' &&
        bypassedTunnel(network, flow) !== undefined,
    );
    const [flow] = past;
    const tunnel = flow && bypassedTunnel(network, flow);
    if (!flow || !tunnel) return undefined;
    const [host, parent] = [network.names.hostName, flow.network?.parent ?? ''];
    const lost = repliesThrough({ network, flows: concerned }, tunnel.device);
    return found({
      about: flow,
      detail: { flow, host, tunnel, parent, subnets: subnetsOf(lost), before: firstPriority(network) },
      explains: idsOf([...past, ...lost]),
      because: [
        { kind: 'tunnel-route', node: host, destination: flow.to.address, tunnel, pinnedTo: parent },
        ...lost.slice(0, 1).map(({ containerAddress = '' }) => {
          const route = { destination: containerAddress, device: tunnel.device, expected: parent };
          return { kind: 'route-elsewhere', node: host, ...route } as const;
        }),
      ],
    });
  },
  explain: ({ flow, tunnel, parent, subnets }) =>
    `${named(flow)} reaches ${flow.to.label} through ${parent} and bypasses the tunnel ${tunnel.device}, which the Docker host's own traffic uses${subnets.length > 0 ? '; what the host sends to its containers is lost in the tunnel' : ''}.`,
  remedy: ({ host, subnets, before }) => [
    ...(subnets.length > 0 ? [outOfTunnel(host, subnets, before)] : []),
    bridgeInstead(),
  ],
});

function outOfTunnel(host: string, subnets: readonly string[], priority: number): Remedy {
  return {
    title: 'Keep what the host sends to its containers out of the tunnel',
    use: 'run',
    changes: subnets.map((to) => ({
      kind: 'policy-rule',
      on: host,
      do: 'add',
      rule: { family: 4, to, priority, table: 'main' },
    })),
  };
}

/** A priority before every rule but the one for the host's own addresses. */
function firstPriority({ routing, names }: NetworkState): number {
  const others = (routing.rules(names.hostName) ?? []).flatMap(({ priority }) => (priority > 1 ? [priority] : []));
  return Math.max(1, Math.min(32_766, ...others) - 1);
}
