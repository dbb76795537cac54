import { parentNotEthernet } from '../../../../src/diagnosis/causes/engine/parent-not-ethernet.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(parentNotEthernet, {
  recognises: {
    'the loopback': refusing(healthy, {
      step: 'create-network',
      message: 'loopback interface is not a valid ipvlan parent link',
      asked: { parent: 'lo' },
    }),
    'a WireGuard link': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: invalid argument',
      asked: { parent: 'wg0' },
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'an Ethernet link that is in use': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: device or resource busy',
    }),
    'a name that no interface has': refusing(healthy, {
      step: 'create-network',
      message: 'invalid subinterface vlan name wg0, example formatting is eth0.10',
    }),
  },
});
