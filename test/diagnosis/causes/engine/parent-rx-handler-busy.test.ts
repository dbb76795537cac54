import { parentRxHandlerBusy } from '../../../../src/diagnosis/causes/engine/parent-rx-handler-busy.js';
import { describeCause, recorded, refusing, unrefused, withLink } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(parentRxHandlerBusy, {
  recognises: {
    'a parent that macvlan uses': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: device or resource busy',
    }),
    'a parent that is a port of a bridge': withLink(
      refusing(healthy, {
        step: 'start-container',
        container: 'webapp',
        message: 'failed to create the ipvlan port: device or resource busy',
      }),
      'host',
      { name: 'enp0s3', controller: 'br0' },
    ),
    'a parent that IPvlan uses, needed by macvlan': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the macvlan port: device or resource busy',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a parent that another IPvlan network uses': refusing(healthy, {
      step: 'create-network',
      message: 'network di-0123456789ab is already using parent interface enp0s3',
    }),
    'a kernel without support for the link': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: operation not supported',
    }),
    'a port of a bridge that works as a parent': withLink(unrefused(healthy), 'host', {
      name: 'enp0s3',
      controller: 'br0',
    }),
  },
});
