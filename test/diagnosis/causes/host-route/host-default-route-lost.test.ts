import { hostDefaultRouteLost } from '../../../../src/diagnosis/causes/host-route/host-default-route-lost.js';
import { arriving, change, describeCause, lost, recorded, withRoute, withoutRoutes } from '../../situation.js';

const isDefault = ({ destination, family }: { destination: string; family: number }) =>
  destination === '0.0.0.0/0' && family === 4;
const healthy = recorded('article-second-attempt');
const stranded = lost(
  withoutRoutes(healthy, 'host', isDefault),
  'timeout',
  'webapp>google*',
  'webapp>internet*',
  'webapp>1.1.1.1*',
  'host>internet/icmp',
);

/** A policy rule that selects by source, and a table of its own with the default route. */
function policyRouted() {
  const ruled = change(stranded, ({ rules }) => ({
    rules: {
      ...rules,
      host: (rules['host'] ?? []).flatMap((rule) =>
        rule.family === 4 && rule.table === 'main'
          ? [{ ...rule, priority: 100, from: '192.168.0.0/16', table: '100' }, rule]
          : [rule],
      ),
    },
  }));
  return withRoute(ruled, 'host', { destination: '0.0.0.0/0', via: '192.168.0.1', device: 'enp0s3', table: '100' });
}

describeCause(hostDefaultRouteLost, {
  recognises: {
    'a host that has lost its default route': recorded('l3-host-default-route-lost'),
    'a host without any default route': stranded,
  },
  leavesAlone: {
    'a default route that is there': lost(healthy, 'timeout', 'webapp>google*'),
    'a default route in two halves': withRoute(
      withRoute(stranded, 'host', { destination: '0.0.0.0/1', via: '192.168.0.1', device: 'enp0s3' }),
      'host',
      { destination: '128.0.0.0/1', via: '192.168.0.1', device: 'enp0s3' },
    ),
    'a missing route while all checks pass': withoutRoutes(healthy, 'host', isDefault),
    'a default route through another interface, which is another cause': recorded(
      'comment-default-route-by-another-interface',
    ),
    'a parent that is down, whose route is gone with it': recorded('parent-down'),
    'traffic that arrives': arriving(stranded, '*'),
    'a policy rule that gives the containers a default route of their own': policyRouted(),
  },
  cannotTell: {
    'a host whose links were not seen: the route of a parent that is down is gone': change(stranded, ({ links }) => ({
      links: { ...links, host: undefined as never },
    })),
  },
});
