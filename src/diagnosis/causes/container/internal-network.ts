import { sh } from '../../../shell.js';
import { defineCause, found, on } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { isFailedLookup } from '../../symptoms/lookups.js';
import { complaint, failing, idsOf, isShutIn, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';

export const internalNetwork = defineCause({
  id: 'internal-network',
  title: 'The network is internal: its containers have no default route',
  layer: 'container',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['networks', 'routes', 'rules'],
  background: `
    --internal means that Docker gives containers no default route, and its DNS server forwards nothing. With a real parent
    that is all: an L2 container still has the LAN on its link and reaches whatever is there, in both directions. An L3
    container knows the way to its own subnet only, and answers nobody else.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/create/',
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/libnetwork/issues/2418',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const lost = failing(view.flows).filter((flow) => isShutIn(view.network, flow) && !isFailedLookup(flow));
    const flow = telling(lost);
    if (!flow?.network) return undefined;
    const names = [...new Set(lost.flatMap(({ container }) => container?.name ?? []))];
    return found({
      detail: { flow, network: flow.network, names },
      explains: idsOf(lost),
      because: [
        `docker: ${flow.network.name} was created with --internal (docker network inspect).`,
        ...names.map((name) => `${name}: it has no default route (ip route).`),
      ],
    });
  },
  explain: ({ flow, network }) =>
    `${complaint(flow)}: the network ${network.name} is internal, and its containers know no way beyond ${isLayer3(network) ? 'their own subnet' : 'the LAN'}.`,
  remedy: ({ flow, network, names }) => {
    const gateway = network.subnets.find((one) => one.gateway !== undefined)?.gateway;
    const way = isLayer3(network) ? sh`dev eth0` : gateway && sh`via ${gateway}`;
    const routes = way
      ? names.map((name) => on(name, sh`ip route replace default ${way}`, sh`ip route del default`))
      : [];
    return [
      ...(routes.length > 0 && flow.container && network.parent !== undefined
        ? [
            {
              title: 'If that was not meant: give the containers a default route, until they are made anew',
              use: 'run' as const,
              commands: routes,
            },
          ]
        : []),
      recreateNetwork('For good: recreate the network without --internal', network, { internal: false }),
    ];
  },
});
