import { hostPolicyRouteBlocksContainerSource } from '../../../../src/diagnosis/causes/host-route/host-policy-route-blocks-container-source.js';
import { arriving, change, describeCause, recorded, withRoute, type Situation } from '../../situation.js';

const forbidden = recorded('l3-policy-route-unreachable');

/** The rules of the host as if those that forbid led to a table instead. */
function looksIn(table: string): Situation {
  return change(forbidden, ({ rules }) => ({
    rules: {
      ...rules,
      host: (rules['host'] ?? []).map((rule) => (rule.action ? { ...rule, action: undefined, table } : rule)),
    },
  }));
}

describeCause(hostPolicyRouteBlocksContainerSource, {
  recognises: {
    'a rule that forbids the container subnets': forbidden,
    'a table that has nothing but a route that forbids': withRoute(looksIn('77'), 'host', {
      destination: '0.0.0.0/0',
      table: '77',
      type: 'unreachable',
    }),
  },
  leavesAlone: {
    'a host without a default route': recorded('l3-host-default-route-lost'),
    'a rule for an empty table, which the lookup skips': looksIn('77'),
    'a rule about addresses that no container has': change(forbidden, ({ rules }) => ({
      rules: {
        ...rules,
        host: (rules['host'] ?? []).map((rule) => (rule.action ? { ...rule, from: '10.66.0.0/16' } : rule)),
      },
    })),
    'a default route through another interface, with the same ARP requests': recorded(
      'comment-default-route-by-another-interface',
    ),
    'containers that arrive all the same': arriving(forbidden, '*'),
  },
});
