import { gatewayIgnoredInL3 } from '../../../../src/diagnosis/causes/address/gateway-ignored-in-l3.js';
import { recreated, retargeted } from '../../readdress.js';
import { describeCause, lost, recorded } from '../../situation.js';

const healthy = recorded('article-second-attempt');
const given = recreated(healthy, {
  subnets: [
    { subnet: '192.168.10.0/24', gateway: '192.168.10.1' },
    { subnet: '192.168.20.0/24', gateway: undefined },
  ],
});
const pinged = lost(retargeted(given, 'webapp>gateway/icmp', '192.168.10.1'), 'timeout', 'webapp>gateway/icmp');

describeCause(gatewayIgnoredInL3, {
  recognises: { 'a ping of the --gateway of an L3 network': pinged },
  leavesAlone: {
    'a --gateway that no check pings': given,
    'another check that fails beside it': lost(given, 'timeout', 'webapp>google.com/icmp'),
    'L2, where the gateway counts': recreated(pinged, { mode: 'l2' }),
    'a ping of any other address': lost(
      retargeted(given, 'webapp>gateway/icmp', '192.168.10.77'),
      'timeout',
      'webapp>gateway/icmp',
    ),
  },
});
