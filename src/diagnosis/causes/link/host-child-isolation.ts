import type { NetworkState } from '../../../network/network-state.js';
import { defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink } from '../../flow-questions.js';
import { addShim, reserve, shimsFor } from '../../remedies/add-shim.js';
import { networkSeen } from '../../symptoms/docker-network.js';
import { reachedBy, shimsOn } from '../../symptoms/shim.js';

export const hostChildIsolation = defineCause({
  id: 'host-child-isolation',
  title: 'The host and its own containers cannot talk over the parent',
  layer: 'link',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links'],
  background: `
    In IPvlan L2 and macvlan the containers are attached to the parent beside the host, not behind it. What a container sends
    leaves on the wire, and a network card never receives its own frames. So the host and its own containers never receive
    each other's packets, while both reach every other machine. This is how the drivers work. A link of the host's own on
    the same parent, a "shim", gives it an address that the containers can reach.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  reproduced: { by: 'scenario' },

  detect({ flows, network: state, paths }) {
    const apart = failing(flows).filter((flow) => isKeptApart(state, flow));
    const through = failing(flows).filter((flow) => !apart.includes(flow) && isRoutedByHost(state, { paths, flow }));
    const lost = [...apart, ...through];
    const [flow] = lost;
    if (!flow) return undefined;
    const networks = [...new Set(lost.flatMap(({ network }) => network ?? []))];
    return found({
      about: flow,
      detail: { flow, nextHop: through.includes(flow), shims: shimsFor(reachedBy(lost), state) },
      explains: idsOf(lost),
      because: networks.map(networkSeen),
    });
  },
  explain: ({ flow, nextHop }) =>
    nextHop
      ? `${complaint(flow)}: the next hop is the Docker host, which ${flow.network?.driver} keeps apart from its own containers on ${flow.network?.parent} by design.`
      : `${complaint(flow)}: both are attached to ${flow.network?.parent}, and ${flow.network?.driver} keeps a host and its own containers apart by design.`,
  remedy: ({ shims }) => [
    {
      title:
        'Give the host a link of its own on the parent, and route the containers through it. It does not survive a restart',
      use: 'run',
      changes: shims.flatMap(addShim),
    },
    ...shims.map(reserve),
  ],
});

/** A flow of a container that has to pass its host, as the next hop of the container or of the sender, and cannot. */
function isRoutedByHost(
  { names, links }: NetworkState,
  { paths, flow }: { readonly paths: Observed['paths']; readonly flow: Flow },
): boolean {
  const path = paths.of(flow.probe);
  if (!path || links.state(names.hostName, flow.network?.parent) !== 'up') return false;
  if (shimsOn(links.of(names.hostName) ?? [], flow.network).length > 0) return false;
  const step = [...path.forward, ...path.return].find(({ observed }) => observed === 'lost');
  return step?.predicted.verdict === 'blocks' && step.predicted.reason.kind === 'host-apart';
}

/** A container and its host that could only talk through a shim, where there is none. */
function isKeptApart({ names, links }: NetworkState, flow: Flow): boolean {
  return (
    crossesParent(flow) &&
    flow.peer === 'host' &&
    isOnLink(flow) &&
    links.state(names.hostName, flow.network?.parent) === 'up' &&
    shimsOn(links.of(names.hostName) ?? [], flow.network).length === 0
  );
}
