import { hostRouteOverlapsContainerSubnet } from '../../../../src/diagnosis/causes/host-route/host-route-overlaps-container-subnet.js';
import { arriving, describeCause, recorded, withLink, withoutRoutes } from '../../situation.js';

const overlapped = recorded('l3-host-route-overlaps');
const elsewhere = withoutRoutes(overlapped, 'host', ({ device }) => device === 'office0');

describeCause(hostRouteOverlapsContainerSubnet, {
  recognises: { 'a route of the host to the very subnet': overlapped },
  leavesAlone: {
    'the same failures without such a route': elsewhere,
    'a shim, through which the host is meant to reach its containers': withLink(overlapped, 'host', {
      name: 'office0',
      kind: 'ipvlan',
    }),
    'a host and containers that reach each other': arriving(overlapped, '*'),
    'a tunnel that takes everything': recorded('l3-vpn-full-tunnel'),
    'L2, where the two never reach each other': recorded('l2-host-to-own-container'),
  },
});
