import { gatewayMissingReturnRoute } from '../../../../src/diagnosis/causes/gateway/gateway-missing-return-route.js';
import { arriving, asleep, broken, describeCause, lost, recorded, unseen, withRoute } from '../../situation.js';

const article = recorded('article-first-attempt');

describeCause(gatewayMissingReturnRoute, {
  recognises: {
    'the article’s first attempt': article,
    'a subnet that a route on the gateway swallows': withRoute(article, 'gateway', {
      destination: '192.168.10.0/24',
      type: 'unreachable',
    }),
    'a route to half of the subnet, and not the half the container is in': withRoute(article, 'gateway', {
      destination: '192.168.10.128/25',
      via: '192.168.0.2',
      device: 'lan0',
    }),
    'a gateway that nobody could look at, from what happens on the parent': unseen(article, 'gateway'),
  },
  leavesAlone: {
    'an internal L3 network, which knows no way out anyhow': recorded('moby-dns'),
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
    'a gateway whose routes look wrong, and whose answers arrive all the same': arriving(
      article,
      '*webapp*',
      '*database*',
    ),
    'an L2 container on the LAN’s own subnet': recorded('l2-wrong-gateway'),
    'a gateway nobody could look at, and that does not answer the host either': lost(
      unseen(article, 'gateway'),
      'timeout',
      'host>gateway/icmp',
    ),
    'an unseen gateway on a parent whose capture slept': asleep(unseen(article, 'gateway'), 'host'),
    'a gateway that takes nothing in which it could not send back the same way': recorded('l3-gateway-strict-rpf'),
    'probes that could not be asked': broken(article, '*'),
  },
});
