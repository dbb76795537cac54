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
    'a container whose MAC address is not known': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'ipvlan interfaces do not support custom mac address assignment',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a MAC address on macvlan, with another error': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the macvlan port: device or resource busy',
      mac: '02:42:c0:a8:00:64',
    }),
  },
});
