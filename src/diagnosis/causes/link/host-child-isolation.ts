import { defineCause, found } from '../../cause.js';
import { complaint, crossesParent, failing, idsOf, isOnLink } from '../../flow-questions.js';
import { hostName, linkState } from '../../reading.js';
import { reachedBy, reserve, shimsFor, shimsOn, standUp } from '../../symptoms/shim.js';

export const hostChildIsolation = defineCause({
  id: 'host-child-isolation',
  title: 'The host and its own containers cannot talk over the parent',
  layer: 'link',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links'],
  background: `
    In IPvlan L2 and macvlan the containers hang on the parent beside the host, not behind it. What one of them sends goes
    out on the wire, and a network card never receives its own frames, so that the host and its own containers never hear
    each other, while both talk to everybody else. This is how the drivers work. A link of the host's own on the same
    parent, a "shim", gives it an address that the containers can talk to.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  reproduced: { by: 'scenario' },

  detect({ flows, nodes, links }) {
    const onHost = links[hostName(nodes)] ?? [];
    const lost = failing(flows).filter(
      (flow) =>
        crossesParent(flow) &&
        flow.peer === 'host' &&
        isOnLink(flow) &&
        linkState(onHost, flow.network?.parent) === 'up' &&
        shimsOn(onHost, flow.network).length === 0,
    );
    const [flow] = lost;
    if (!flow) return undefined;
    const networks = [...new Set(lost.flatMap(({ network }) => network ?? []))];
    return found({
      about: flow,
      detail: { flow, shims: shimsFor(reachedBy(lost), { nodes, onHost }) },
      explains: idsOf(lost),
      because: networks.map(
        ({ name, driver, mode, parent }) =>
          `${name} is ${driver} ${mode} on ${parent}: what host and container send each other leaves by ${parent} and never comes back in.`,
      ),
    });
  },
  explain: ({ flow }) =>
    `${complaint(flow)}: both hang on ${flow.network?.parent}, and ${flow.network?.driver} keeps a host and its own containers apart by design.`,
  remedy: ({ shims }) => [
    {
      title:
        'Give the host a link of its own on the parent, and route the containers by it. It does not outlive a restart',
      use: 'run',
      commands: shims.flatMap(standUp),
    },
    ...shims.map(reserve),
  ],
});
