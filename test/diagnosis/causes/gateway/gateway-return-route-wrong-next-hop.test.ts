import { gatewayReturnRouteWrongNextHop } from '../../../../src/diagnosis/causes/gateway/gateway-return-route-wrong-next-hop.js';
import { arriving, describeCause, recorded, unseen, withRoute, withoutRoutes } from '../../situation.js';

const wrongNextHop = recorded('l3-gateway-return-route-wrong-next-hop');
const home = (destination: string) => ({ destination, via: '192.168.0.2', device: 'lan0' });

describeCause(gatewayReturnRouteWrongNextHop, {
  recognises: {
    'a static route to an address that is not the host': wrongNextHop,
    'a container subnet that the gateway treats as on-link, where L3 never replies to ARP': withRoute(
      recorded('article-first-attempt'),
      'gateway',
      { destination: '192.168.10.0/24', device: 'lan0' },
    ),
    'the same seen from the Docker host alone: unanswered ARP of the gateway': unseen(wrongNextHop, 'gateway'),
  },
  leavesAlone: {
    'a gateway without any static route': recorded('article-first-attempt'),
    'static routes via the host': recorded('article-second-attempt'),
    'a more specific route that is correct': withRoute(
      withRoute(wrongNextHop, 'gateway', home('192.168.10.0/25')),
      'gateway',
      home('192.168.20.0/25'),
    ),
    'another router, which forwards the packets to the host': arriving(wrongNextHop, '*webapp*', '*database*'),
    'a gateway without a LAN link, where no route can be correct': withoutRoutes(
      wrongNextHop,
      'gateway',
      ({ device }) => device === 'lan0',
    ),
  },
});
