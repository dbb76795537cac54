import { defaultRouteNotViaParent } from '../../../../src/diagnosis/causes/host-route/default-route-not-via-parent.js';
import { arriving, change, describeCause, recorded, withRoute, withoutRoutes } from '../../situation.js';

const elsewhere = recorded('comment-default-route-by-another-interface');

describeCause(defaultRouteNotViaParent, {
  recognises: {
    'a default route through a second interface': elsewhere,
    'a default route through the second interface in two halves, as VPNs write it': withRoute(
      withRoute(
        withoutRoutes(
          recorded('comment-gateway-does-not-nat'),
          'host',
          ({ destination }) => destination === '0.0.0.0/0',
        ),
        'host',
        { destination: '0.0.0.0/1', device: 'wg0' },
      ),
      'host',
      { destination: '128.0.0.0/1', device: 'wg0' },
    ),
  },
  leavesAlone: {
    'an internal L3 network, which has no default route': recorded('moby-dns'),
    'a second default route through the parent, with any metric': withRoute(elsewhere, 'host', {
      destination: '0.0.0.0/0',
      via: '192.168.0.1',
      device: 'enp0s3',
      metric: 9999,
    }),
    'a host without any default route': withoutRoutes(
      elsewhere,
      'host',
      ({ destination }) => destination === '0.0.0.0/0',
    ),
    'an unused second uplink': withRoute(recorded('article-first-attempt'), 'host', {
      destination: '0.0.0.0/0',
      via: '10.9.9.1',
      device: 'wlan0',
      metric: 600,
    }),
    'containers that arrive all the same': arriving(elsewhere, 'webapp>*', 'database>*'),
    'L2, whose packets never use the host’s routes': change(elsewhere, ({ networks }) => ({
      networks: networks.map((network) => ({ ...network, mode: 'l2' })),
    })),
  },
});
