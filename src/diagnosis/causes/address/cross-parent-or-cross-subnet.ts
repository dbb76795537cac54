import { defineCause, found } from '../../cause.js';
import { failing, idsOf } from '../../flow-questions.js';
import { distinctObservations, type Observation } from '../../observation.js';
import type { AssumedSurroundings } from '../../../network/surroundings.js';
import { dropForwarded, isUnseenRouter } from '../../hypotheses/router.js';
import { uplinkCapture } from '../../symptoms/router-looks.js';
import { acceptBlocked } from '../../remedies/allow-traffic.js';
import { distinctChanges, type Change } from '../../remedies/change.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { separated, type Separated } from '../../symptoms/separated-containers.js';

export const crossParentOrCrossSubnet = defineCause({
  id: 'cross-parent-or-cross-subnet',
  title: 'The containers are in different subnets or on different parents, and no router connects them',
  layer: 'address',
  kind: 'by-design',
  hop: 'container-route',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules'],
  background: `
    In L2 mode and on macvlan a network may have several subnets. Its containers still need a router between them, as
    machines on one cable do; in L3 mode the parent itself connects them. Containers on different parents, such as two VLANs,
    always reach each other through a router. It may filter: VLANs are often there to keep machines apart.`,
  see: ['https://docs.docker.com/engine/network/drivers/ipvlan/'],

  reproduced: { by: 'scenario' },

  hypothesis: {
    scopes: (view, around) => (isUnseenRouter(view, around) && view.network.names.parents.length > 1 ? [{}] : []),
    assume: keptApart,
    unseen: ({ network }) => `whether ${network.names.gateway?.name} forwards between the LANs of the parents`,
    test: uplinkCapture,
  },

  detect({ flows, network }) {
    const all = failing(flows).flatMap((flow) => separated(network, flow) ?? []);
    const [first] = all;
    if (!first) return undefined;
    return found({
      detail: { first, all },
      explains: idsOf(all.map(({ flow }) => flow)),
      ...(first.by.kind === 'parent' ? { hop: 'gateway-forward' as const } : {}),
      because: distinctObservations(all.map(observation)),
    });
  },
  explain: ({ first: { flow, network, by } }) =>
    by.kind === 'subnet'
      ? `${flow.from.label} cannot reach ${flow.to.label}: ${by.other} is another subnet of ${network.name}, and ${network.driver} ${network.mode} needs a router between them.`
      : `${flow.from.label} cannot reach ${flow.to.label}: ${network.name} is on ${network.parent}, ${by.other.name} is on ${by.other.parent}, and the gateway between them drops the packets.`,
  remedy: ({ first, all }) => [
    {
      title:
        first.by.kind === 'subnet'
          ? 'Add a route to the other subnet on the link of both containers, until they are recreated'
          : 'Let the gateway forward these packets',
      use: 'run',
      changes: distinctChanges([...allowed(all), ...all.flatMap(({ by }) => (by.kind === 'subnet' ? by.joins : []))]),
    },
    ...(first.by.kind === 'subnet' && first.network.driver === 'ipvlan'
      ? [
          recreateNetwork('Recreate the network in mode L3, which connects the subnets of one parent', first.network, {
            mode: 'l3',
          }),
        ]
      : []),
  ],
});

function observation({ flow: { container, to }, by }: Separated): Observation {
  if (by.kind === 'parent') return { kind: 'filter-drops', node: by.gateway, hook: 'forward', by: by.decider };
  const at = { node: container?.name ?? '', destination: to.address };
  return by.via === undefined ? { kind: 'no-route', ...at } : { kind: 'route', ...at, via: by.via };
}

/** The router forwards nothing from the LAN of one parent to that of another. */
function keptApart(around: AssumedSurroundings): AssumedSurroundings {
  const { parents } = around.state.names;
  const pairs = parents.flatMap((one) =>
    parents.filter((other) => other !== one).map((other) => [one, other] as const),
  );
  return pairs.reduce((to, [one, other]) => dropForwarded(to, `iifname "lan-${one}" oifname "lan-${other}"`), around);
}

/** The gateway between two parents accepts what it dropped. */
function allowed(all: readonly Separated[]): readonly Change[] {
  const filters = all.flatMap(({ by }) => (by.kind === 'parent' ? [by] : []));
  const blocked = filters.flatMap((one) => one.blocked);
  return filters.slice(0, 1).flatMap(({ gateway }) => acceptBlocked(gateway, blocked));
}
