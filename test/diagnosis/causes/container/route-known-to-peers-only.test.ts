import { routeKnownToPeersOnly } from '../../../../src/diagnosis/causes/container/route-known-to-peers-only.js';
import { arriving, describeCause, lost, recorded, unseen, withoutRoutes, withRoute } from '../../situation.js';

const missed = recorded('l2-route-known-to-peers-only');
const TO = { destination: '10.66.0.0/24' };

describeCause(routeKnownToPeersOnly, {
  recognises: {
    'a route by DHCP that the host has': missed,
    'the same as the host sees it': unseen(unseen(missed, 'gateway'), 'thread'),
    'a route that was configured': withRoute(
      withoutRoutes(missed, 'host', ({ destination }) => destination === TO.destination),
      'host',
      { ...TO, via: '192.168.0.60', device: 'enp0s3' },
    ),
    'a route that only another machine on the LAN has': withRoute(
      withoutRoutes(
        { ...missed, origin: 'synthetic', probes: missed.probes.filter(({ id }) => !id.startsWith('host>10.66')) },
        'host',
        ({ destination }) => destination === TO.destination,
      ),
      'laptop',
      { ...TO, via: '192.168.0.60', device: 'eth0' },
    ),
  },
  leavesAlone: {
    'a container that has the route too': withRoute(missed, 'webapp', { ...TO, via: '192.168.0.60', device: 'eth0' }),
    'a host that does not get through by it either': lost(missed, 'timeout', 'host>10.66.0.1/*'),
    'a router that has the route': withRoute(missed, 'gateway', { ...TO, via: '192.168.0.60', device: 'lan0' }),
    'a subnet that the container reaches': arriving(missed, 'webapp>10.66.0.1/*'),
    'a route of the host through another link': withRoute(
      withoutRoutes(missed, 'host', ({ destination }) => destination === TO.destination),
      'host',
      { ...TO, via: '10.8.0.1', device: 'tun0' },
    ),
    'containers in L3, which use the routes of the host': recorded('l3-two-next-hop-and-default-route'),
    'a network where everything arrives': recorded('l2-healthy'),
  },
});
