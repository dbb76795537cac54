import { gatewayMissingReturnRoute } from '../../../../src/diagnosis/causes/gateway/gateway-missing-return-route.js';
import { arriving, asleep, broken, describeCause, lost, recorded, unseen, withRoute } from '../../situation.js';

const article = recorded('article-first-attempt');

describeCause(gatewayMissingReturnRoute, {
  recognises: {
    'the article’s first attempt': article,
    'a subnet that an unreachable route on the gateway matches': withRoute(article, 'gateway', {
      destination: '192.168.10.0/24',
      type: 'unreachable',
    }),
    'a route to half of the subnet, and not the half the container is in': withRoute(article, 'gateway', {
      destination: '192.168.10.128/25',
      via: '192.168.0.2',
      device: 'lan0',
    }),
  },
  leavesAlone: {
    'an internal L3 network, which has no way out': recorded('moby-dns'),
    'a gateway with the static routes': withRoute(
      withRoute(article, 'gateway', { destination: '192.168.10.0/24', via: '192.168.0.2', device: 'lan0' }),
      'gateway',
      { destination: '192.168.20.0/24', via: '192.168.0.2', device: 'lan0' },
    ),
    'one route for both subnets': withRoute(article, 'gateway', {
      destination: '192.168.0.0/16',
      via: '192.168.0.2',
      device: 'lan0',
    }),
    'a gateway whose routes look wrong, and whose replies arrive': arriving(article, '*webapp*', '*database*'),
    'an L2 container on the LAN’s own subnet': recorded('l2-wrong-gateway'),
    'a gateway that was not observed and does not reply to the host': lost(
      unseen(article, 'gateway'),
      'timeout',
      'host>gateway/icmp',
    ),
    'a gateway that was not observed, on a parent whose capture did not work': asleep(
      unseen(article, 'gateway'),
      'host',
    ),
    'a gateway with a strict reverse path filter': recorded('l3-gateway-strict-rpf'),
    'probes that could not run': broken(article, '*'),
  },
  cannotTell: {
    'a gateway that was not observed, from what the parent captured': unseen(article, 'gateway'),
  },
});
