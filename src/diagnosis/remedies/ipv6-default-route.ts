import { placeholder } from '../../shell.js';
import type { Remedy } from '../cause.js';
import type { PolicyRuleChange, PolicyRuleSpec } from './changes/policy-rule.js';
import type { RouteChange } from './changes/route.js';

/** The route there should be, and the container subnets that need it. */
export interface Way {
  readonly host: string;
  readonly parent: string;
  readonly router: string | undefined;
  readonly subnets: readonly string[];
}

function defaultRoute({ host, parent, router }: Way, table?: number): RouteChange {
  const via = router ?? placeholder('GATEWAY');
  return {
    kind: 'route',
    on: host,
    do: 'replace',
    route: { destination: 'default', family: 6, via, device: parent, table },
  };
}

/** The host's IPv6 default route as it was. */
export function restoredDefaultRoute(way: Way): readonly Remedy[] {
  const name = `net/ipv6/conf/${way.parent}/accept_ra`;
  return [
    {
      title: "Restore the host's IPv6 default route",
      use: way.router === undefined ? 'advice' : 'run',
      changes: [defaultRoute(way)],
    },
    {
      title: 'For good, where it comes from router advertisements: accept them although the host forwards',
      use: 'advice',
      changes: [{ kind: 'sysctl', on: way.host, name, value: 2, was: 1 }],
    },
  ];
}

/** A table of our own, so that the host's own traffic keeps the routes it has. */
const TABLE = 7291;

/** A default route that only the containers use. */
export function containersOwnDefaultRoute(way: Way): readonly Remedy[] {
  const added = (rule: Omit<PolicyRuleSpec, 'family'>): PolicyRuleChange => ({
    kind: 'policy-rule',
    on: way.host,
    do: 'add',
    rule: { ...rule, family: 6 },
  });
  return [
    {
      title: 'Add a default route through the parent for the containers, in a table that only they use',
      use: way.router === undefined ? 'advice' : 'run',
      changes: [
        defaultRoute(way, TABLE),
        // What the main table knows better than by its default route stays as it is.
        added({ priority: TABLE - 1, table: 'main', suppressPrefix: 0 }),
        ...way.subnets.map((from) => added({ from, priority: TABLE, table: TABLE })),
      ],
    },
  ];
}
