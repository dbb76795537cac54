import { familyOf } from '../../../ip.js';
import { isLayer3 } from '../../../network/networks.js';
import { defineCause, found } from '../../cause.js';
import { complaint, failing, idsOf, isShutIn, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { isFailedLookup } from '../../symptoms/lookups.js';

export const internalNetwork = defineCause({
  id: 'internal-network',
  title: 'The network is internal: its containers have no default route',
  layer: 'container',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['networks', 'routes', 'rules'],
  background: `
    With --internal, Docker gives containers no default route, and its DNS server forwards nothing. With a real parent it does
    nothing else: an L2 container still has the LAN on its link and reaches every machine there, in both directions. An L3
    container has a route to its own subnet only, and replies to no other machine.`,
  see: [
    'https://docs.docker.com/reference/cli/docker/network/create/',
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/libnetwork/issues/2418',
  ],

  reproduced: { by: 'scenario' },

  detect({ flows, network: state }) {
    const lost = failing(flows).filter((flow) => isShutIn(state, flow) && !isFailedLookup(flow));
    const flow = telling(lost);
    if (!flow?.network) return undefined;
    const { network } = flow;
    const names = [...new Set(lost.flatMap(({ container }) => container?.name ?? []))];
    return found({
      detail: { flow, network, names },
      explains: idsOf(lost),
      because: [
        { kind: 'closed-network', network: network.name, why: 'internal' },
        ...names.map((node): Observation => ({ kind: 'no-default-route', node })),
      ],
    });
  },
  explain: ({ flow, network }) =>
    `${complaint(flow)}: the network ${network.name} is internal, and its containers have no route beyond ${isLayer3(network) ? 'their own subnet' : 'the LAN'}.`,
  remedy: ({ flow, network, names }) => {
    const via = network.subnets.find((one) => one.gateway !== undefined)?.gateway;
    const next = isLayer3(network)
      ? ({ device: 'eth0', family: 4 } as const)
      : via && { via, family: familyOf(via) ?? 4 };
    return [
      ...(next && names.length > 0 && flow.container && network.parent !== undefined
        ? [
            {
              title: 'If internal was not intended, give the containers a default route until they are recreated',
              use: 'run' as const,
              changes: names.map((on) => {
                const route = { destination: 'default', ...next } as const;
                return { kind: 'route', on, do: 'replace', route } as const;
              }),
            },
          ]
        : []),
      recreateNetwork('Recreate the network without --internal', network, { internal: false }),
    ];
  },
});
