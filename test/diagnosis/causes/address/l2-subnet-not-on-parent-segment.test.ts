import { l2SubnetNotOnParentSegment } from '../../../../src/diagnosis/causes/address/l2-subnet-not-on-parent-segment.js';
import { recreated, renamed, withNewLink } from '../../readdress.js';
import { arriving, describeCause, lost, recorded, unseen, withLink } from '../../situation.js';

const wrongGateway = recorded('l2-wrong-gateway');
const invented = recreated(
  renamed(lost(wrongGateway, 'timeout', '*'), {
    '192.168.0.100': '10.77.0.100',
    '192.168.0.101': '10.77.0.101',
    '192.168.0.254': '10.77.0.1',
  }),
  { subnets: [{ subnet: '10.77.0.0/24', gateway: '10.77.0.1' }] },
);

describeCause(l2SubnetNotOnParentSegment, {
  recognises: {
    'a subnet in which no machine on the LAN has an address': invented,
    'the same on macvlan': recreated(invented, { driver: 'macvlan', mode: 'bridge' }),
    'the same with the gateway left out': recreated(invented, {
      subnets: [{ subnet: '10.77.0.0/24', gateway: undefined }],
    }),
    'the same where the gateway cannot be looked at': unseen(invented, 'gateway'),
  },
  leavesAlone: {
    'the subnet of the LAN with a wrong gateway': wrongGateway,
    'an L3 network, whose subnet is not that of the LAN on purpose': recreated(invented, { mode: 'l3' }),
    'a gateway that has a second address in the subnet': withLink(invented, 'gateway', {
      name: 'lan0',
      addresses: ['192.168.0.1/24', '10.77.0.1/24'],
    }),
    'a subnet on a VLAN: then the tag is wrong': withNewLink(invented, 'gateway', {
      name: 'lan0.30',
      kind: 'vlan',
      vlan: 30,
      addresses: ['10.77.0.1/24'],
    }),
    'containers that arrive': arriving(invented, '*'),
  },
});
