import { gatewayReturnRouteWrongNextHop } from '../../../../src/diagnosis/causes/gateway/gateway-return-route-wrong-next-hop.js';
import { arriving, describeCause, recorded, unseen, withRoute, withoutRoutes } from '../../situation.js';

const misled = recorded('l3-gateway-return-route-wrong-next-hop');
const home = (destination: string) => ({ destination, via: '192.168.0.2', device: 'lan0' });

describeCause(gatewayReturnRouteWrongNextHop, {
  recognises: {
    'a static route to an address that is not the host': misled,
    'a container subnet taken to be on the LAN, which L3 never answers for': withRoute(
      recorded('article-first-attempt'),
      'gateway',
      { destination: '192.168.10.0/24', device: 'lan0' },
    ),
    'the same seen from the Docker host alone: the gateway asks by ARP in vain': unseen(misled, 'gateway'),
  },
  leavesAlone: {
    'a gateway without any static route': recorded('article-first-attempt'),
    'static routes by the host': recorded('article-second-attempt'),
    'a more specific route that puts it right': withRoute(
      withRoute(misled, 'gateway', home('192.168.10.0/25')),
      'gateway',
      home('192.168.20.0/25'),
    ),
    'another router, which passes it on to the host': arriving(misled, '*webapp*', '*database*'),
    'a gateway that has lost its LAN, where no route can be right': withoutRoutes(
      misled,
      'gateway',
      ({ device }) => device === 'lan0',
    ),
  },
});
