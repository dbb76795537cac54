import { kernelLacksIpvlan } from '../../../../src/diagnosis/causes/engine/kernel-lacks-ipvlan.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(kernelLacksIpvlan, {
  recognises: {
    'a kernel without IPvlan': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: operation not supported',
    }),
    'a kernel without VLAN links': refusing(healthy, {
      step: 'create-network',
      message: 'failed to create enp0s3.7 vlan link: operation not supported',
    }),
    'a kernel without dummy links': refusing(healthy, {
      step: 'create-network',
      message: 'operation not supported',
      asked: { parent: undefined },
    }),
    'an engine whose driver is experimental': refusing(healthy, {
      step: 'create-network',
      message: 'plugin "ipvlan" not found',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a link that is in use': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: device or resource busy',
    }),
    'a mode that does not exist': refusing(healthy, {
      step: 'create-network',
      message: "requested ipvlan mode 'l4' is not valid, 'l2' mode is the ipvlan driver default",
    }),
  },
});
