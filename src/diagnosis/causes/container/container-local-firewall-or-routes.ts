import { prefixLength } from '../../../ip.js';
import { World } from '../../../network/world.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Command } from '../../cause.js';
import { deciderText } from '../../filter-names.js';
import { ipFor } from '../../remedies/ip-command.js';
import { ownObstacle, type OwnObstacle } from '../../symptoms/own-obstacle.js';
import { distinctChanges } from '../../remedies/change.js';
import type { AllowChange } from '../../remedies/changes/allow.js';
import { acceptBlocked } from '../../remedies/allow-traffic.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';

export const containerLocalFirewallOrRoutes = defineCause({
  id: 'container-local-firewall-or-routes',
  title: "The container's own packet filter or routing rules are in the way",
  layer: 'container',
  kind: 'fault',
  hop: 'container-firewall',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'containers', 'routes', 'rules', 'firewall'],
  uses: ['links'],
  background: `
    A container has a network namespace of its own, and so packet filter rules and policy routes of its own. VPN clients
    leave kill-switches there, hardened images an INPUT chain that drops. Nothing of it shows on the host. The container's
    own ping says "Operation not permitted", or nothing at all, and no packet reaches its link.`,
  see: ['https://man7.org/linux/man-pages/man7/network_namespaces.7.html', 'https://github.com/qdm12/gluetun-wiki'],

  detect({ flows, ...facts }) {
    const world = new World(facts);
    const obstacles = failing(flows).flatMap((flow) => ownObstacle(world, flow) ?? []);
    const [first] = obstacles;
    if (!first) return undefined;
    const each = [...new Map(obstacles.map((one) => [`${one.container} ${what(one)}`, one])).values()];
    return found({
      detail: { first, obstacles, each },
      explains: idsOf(obstacles.map(({ flow }) => flow)),
      hop: first.kind === 'filter' ? 'container-firewall' : 'container-route',
      because: each.map((one) => `${one.container}: ${what(one)}.`),
    });
  },
  explain: ({ first }) => `${complaint(first.flow)}: in ${first.container} itself, ${what(first)}.`,
  remedy: ({ obstacles, each }) => [
    {
      title:
        'Let what the failed checks send through in the container, and nothing else. Whatever set it up there may do so again',
      use: 'run',
      commands: distinctChanges([...passes(obstacles), ...each.flatMap(outOfTheWay)]),
    },
    advice(
      'For good: change the configuration of the program that set it up (VPN client, hardening script)',
      'docker',
      each.map(({ container }) => sh`docker logs ${operands(container)}; docker inspect ${operands(container)}`),
    ),
  ],
});

function what(obstacle: OwnObstacle): string {
  switch (obstacle.kind) {
    case 'filter':
      return `${deciderText(obstacle.by)} drops it (${obstacle.hook})`;
    case 'rule':
      return `rule ${obstacle.by.priority} says ${obstacle.type} (ip rule)`;
    case 'route':
      return `a ${obstacle.type} route for ${obstacle.by.destination} in table ${obstacle.by.table} forbids it (ip route show table all)`;
    case 'no rule':
      return 'no rule leads to the main table, which knows the way (ip rule)';
  }
}

function passes(obstacles: readonly OwnObstacle[]): readonly AllowChange[] {
  const refusals = obstacles.flatMap((one) =>
    one.kind === 'filter' ? one.refusals.map((refusal) => ({ ...refusal, flow: one.flow, node: one.container })) : [],
  );
  return [...new Set(refusals.map(({ node }) => node))].flatMap((node) =>
    acceptBlocked(
      node,
      refusals.filter((one) => one.node === node),
    ),
  );
}

/** What forbids the way is taken out of it. */
function outOfTheWay(obstacle: OwnObstacle): readonly Command[] {
  const { container } = obstacle;
  switch (obstacle.kind) {
    case 'filter':
      return [];
    case 'rule': {
      const { priority, family, from, to } = obstacle.by;
      const ends = [...(from ? [sh`from ${from}`] : []), ...(to ? [sh`to ${to}`] : [])];
      const rule = sh`priority ${priority} ${ends}`;
      const ip = ipFor(family);
      return [on(container, sh`${ip} rule del ${rule}`, sh`${ip} rule add ${rule} ${obstacle.type}`)];
    }
    case 'route': {
      const { family, table, destination, metric } = obstacle.by;
      const to = prefixLength(destination) === 0 ? 'default' : destination;
      const route = sh`${obstacle.type} ${to} table ${table} ${metric > 0 ? [sh`metric ${metric}`] : []}`;
      const ip = ipFor(family);
      return [on(container, sh`${ip} route del ${route}`, sh`${ip} route add ${route}`)];
    }
    case 'no rule':
      return [on(container, sh`ip rule add priority 32766 lookup main`, sh`ip rule del priority 32766 lookup main`)];
  }
}
