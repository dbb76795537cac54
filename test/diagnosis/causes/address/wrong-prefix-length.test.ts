import { wrongPrefixLength } from '../../../../src/diagnosis/causes/address/wrong-prefix-length.js';
import { recreated, retargeted } from '../../readdress.js';
import { arriving, describeCause, lost, recorded, unseen } from '../../situation.js';

const healthy = recorded('l2-healthy');
const branch = lost(
  retargeted(healthy, 'webapp>google.com/icmp', '192.168.99.7'),
  'host-unreachable',
  'webapp>google.com/icmp',
);
const wide = recreated(branch, { subnets: [{ subnet: '192.168.0.0/16', gateway: '192.168.0.1' }] });
const cut = lost(healthy, 'timeout', 'webapp>google.com/icmp', 'webapp>gateway/icmp');
const narrow = recreated(cut, { subnets: [{ subnet: '192.168.0.64/26', gateway: undefined }] });

describeCause(wrongPrefixLength, {
  recognises: {
    'a prefix so short that it covers addresses behind the gateway': wide,
    'a prefix so long that it leaves the gateway out': narrow,
    'the same where the gateway cannot be looked at, and the host has a route via it': unseen(narrow, 'gateway'),
    'the same on macvlan': recreated(wide, { driver: 'macvlan', mode: 'bridge' }),
  },
  leavesAlone: {
    'the right prefix, with the same target lost': branch,
    'a short prefix and a failing target outside it': recreated(lost(healthy, 'timeout', 'webapp>google.com/icmp'), {
      subnets: [{ subnet: '192.168.0.0/16', gateway: '192.168.0.1' }],
    }),
    'a long prefix with the gateway inside': recreated(cut, {
      subnets: [{ subnet: '192.168.0.0/25', gateway: '192.168.0.1' }],
    }),
    'L3, where the host routes every packet': recreated(wide, { mode: 'l3' }),
    'flows that arrive': arriving(narrow, '*'),
  },
});
