import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { advice, defineCause, found } from '../../cause.js';
import { failing, idsOf } from '../../flow-questions.js';
import { addShim, shimsFor } from '../../remedies/add-shim.js';
import type { MembershipChange } from '../../remedies/changes/membership.js';
import { networkSeen } from '../../symptoms/docker-network.js';
import { differentDrivers, type DifferentDrivers } from '../../symptoms/different-drivers.js';
import { shimsOn } from '../../symptoms/shim.js';

export const containerToContainerViaDifferentDriver = defineCause({
  id: 'container-to-container-via-different-driver',
  title: 'A bridge container and an IPvlan or macvlan container of the same host cannot reach each other',
  layer: 'link',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  background: `
    The host forwards what a bridge container sends to an IPvlan L2 or macvlan container of the same host. It leaves through
    the parent like the host's own packets, and the parent never receives its own frames. So the two are as isolated as the
    host and its own containers are. In the other direction the bridge's subnet exists on this host only, and the LAN's
    router has no route to it. Both need a network they share.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://github.com/moby/moby/issues/21735'],

  reproduced: { by: 'scenario' },

  detect({ flows, network: state }) {
    const apart = failing(flows).flatMap((flow) => {
      const pair = differentDrivers(state, flow);
      return pair && isKeptApart(state, pair) ? [pair] : [];
    });
    const first = apart.find(({ towardsChild }) => towardsChild) ?? apart[0];
    if (!first) return undefined;
    const reached = apart.flatMap(({ towardsChild, network, address }) => (towardsChild ? [{ network, address }] : []));
    return found({
      about: first.flow,
      detail: { first, apart, shims: shimsFor(reached, state) },
      explains: idsOf(apart.map(({ flow }) => flow)),
      ...(first.towardsChild ? {} : { hop: 'gateway-route-back' as const }),
      because: [
        { kind: 'attached', container: first.bridged.name, network: first.bridge.name },
        networkSeen(first.bridge),
        { kind: 'attached', container: first.child.name, network: first.network.name },
        networkSeen(first.network),
      ],
    });
  },
  explain: ({ first: { flow, bridge, network } }) =>
    `${flow.from.label} cannot reach ${flow.to.label}: one is on the bridge network ${bridge.name}, the other on the ${network.driver} network ${network.name}, and the host cannot pass packets between the two.`,
  remedy: ({ apart, shims }) => [
    ...(shims.length > 0
      ? [
          {
            title: 'Give the host a link of its own on the parent, through which it forwards what the bridge sends',
            use: 'run' as const,
            changes: shims.flatMap(addShim),
          },
        ]
      : []),
    advice('Connect both to one network, for both directions', 'docker', connections(apart)),
  ],
});

/** Whether the host would send it out by the parent. Not where a shim, or another link than the parent, leads to the container. */
function isKeptApart({ names, links, routing }: NetworkState, { network, address, towardsChild }: DifferentDrivers) {
  if (network.parent === undefined || isLayer3(network)) return false;
  const device = routing.deviceFor(names.hostName, { destination: address });
  const isElsewhere = towardsChild && device !== undefined && device !== network.parent;
  const shims = shimsOn(links.of(names.hostName) ?? [], network);
  return !isElsewhere && !shims.some(({ name }) => name === device);
}

function connections(apart: readonly DifferentDrivers[]): readonly MembershipChange[] {
  const each = new Map(apart.map((one) => [JSON.stringify([one.bridge.name, one.child.name]), one]));
  return [...each.values()].map(({ bridge, child }) => ({
    kind: 'membership',
    do: 'connect',
    container: child.name,
    network: bridge.name,
  }));
}
