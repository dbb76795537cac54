import { customMacOnIpvlan } from '../../../../src/diagnosis/causes/engine/custom-mac-on-ipvlan.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(customMacOnIpvlan, {
  recognises: {
    'a container with --mac-address': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'ipvlan interfaces do not support custom mac address assignment',
      mac: '02:42:c0:a8:00:64',
    }),
    'one whose address was not told': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'ipvlan interfaces do not support custom mac address assignment',
    }),
  },
  leavesAlone: {
    'a run in which nothing was refused': unrefused(healthy),
    'a hardware address on macvlan, with another trouble': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the macvlan port: device or resource busy',
      mac: '02:42:c0:a8:00:64',
    }),
  },
});
