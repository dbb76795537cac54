import { familyOf, prefixLength } from '../../../ip.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import { deciderText } from '../../filter-names.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { acceptBlocked } from '../../remedies/allow-traffic.js';
import { distinctChanges, type Change } from '../../remedies/change.js';
import { deleteRule } from '../../remedies/changes/policy-rule.js';
import { containerBlock, type ContainerBlock } from '../../symptoms/container-block.js';

export const containerLocalFirewallOrRoutes = defineCause({
  id: 'container-local-firewall-or-routes',
  title: "The container's own firewall or policy routes block it",
  layer: 'container',
  kind: 'fault',
  hop: 'container-firewall',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'containers', 'routes', 'rules', 'firewall'],
  predicts: true,
  background: `
    A container has a network namespace of its own, with its own firewall rules and policy routes. VPN clients add
    kill-switches there, hardened images an INPUT chain with policy drop. None of it shows on the host. A ping in the
    container says "Operation not permitted", or nothing at all, and no packet reaches its link.`,
  see: ['https://man7.org/linux/man-pages/man7/network_namespaces.7.html', 'https://github.com/qdm12/gluetun-wiki'],

  detect({ flows, network }) {
    const blocks = failing(flows).flatMap((flow) => containerBlock(network, flow) ?? []);
    const [first] = blocks;
    if (!first) return undefined;
    const each = [...new Map(blocks.map((one) => [JSON.stringify(observation(one)), one])).values()];
    return found({
      detail: { first, blocks, each },
      explains: idsOf(blocks.map(({ flow }) => flow)),
      hop: first.kind === 'filter' ? 'container-firewall' : 'container-route',
      because: each.map(observation),
    });
  },
  explain: ({ first }) => `${complaint(first.flow)}: in ${first.container} itself, ${reason(first)}.`,
  remedy: ({ blocks, each }) => [
    {
      title:
        'Allow in the container what the failed checks send, and nothing else. The program that set the rules may set them again',
      use: 'run',
      changes: distinctChanges([...allowed(blocks), ...each.flatMap(removed)]),
    },
    advice(
      'Change the configuration of the program that set the rules (VPN client, hardening script)',
      'docker',
      each.map(({ container }) => sh`docker logs ${operands(container)}; docker inspect ${operands(container)}`),
    ),
  ],
});

function reason(block: ContainerBlock): string {
  switch (block.kind) {
    case 'filter':
      return `${deciderText(block.by)} drops its packets`;
    case 'rule':
      return `policy rule ${block.by.priority} makes the target ${block.by.action}`;
    case 'route':
      return `the route to ${block.by.destination} in table ${block.by.table} is ${block.by.type}`;
    case 'main-table-unused':
      return 'no policy rule looks up the main table, which has a route';
  }
}

function observation(block: ContainerBlock): Observation {
  const node = block.container;
  switch (block.kind) {
    case 'filter':
      return { kind: 'filter-drops', node, by: block.by, hook: block.hook };
    case 'rule':
      return { kind: 'rule-forbids', node, rule: block.by };
    case 'route':
      return { kind: 'route-forbids', node, route: block.by };
    case 'main-table-unused':
      return { kind: 'main-table-unused', node };
  }
}

function allowed(blocks: readonly ContainerBlock[]): readonly Change[] {
  const all = blocks.flatMap((one) =>
    one.kind === 'filter' ? one.blocked.map((at) => ({ ...at, flow: one.flow, node: one.container })) : [],
  );
  return [...new Set(all.map(({ node }) => node))].flatMap((node) =>
    acceptBlocked(
      node,
      all.filter((one) => one.node === node),
    ),
  );
}

/** Removes the route or rule that forbids; the rule that every system has is added again. */
function removed(block: ContainerBlock): readonly Change[] {
  const { container, flow } = block;
  switch (block.kind) {
    case 'filter':
      return [];
    case 'rule':
      return [deleteRule(container, block.by)];
    case 'route': {
      const { family, type, table, metric, ...by } = block.by;
      const destination = prefixLength(by.destination) === 0 ? 'default' : by.destination;
      return [{ kind: 'route', on: container, do: 'delete', route: { destination, family, type, table, metric } }];
    }
    case 'main-table-unused': {
      const rule = { family: familyOf(flow.to.address) ?? 4, priority: 32766, table: 'main' } as const;
      return [{ kind: 'policy-rule', on: container, do: 'add', rule }];
    }
  }
}
