import { engineRefused } from '../../../../src/diagnosis/causes/engine/engine-refused.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(engineRefused, {
  recognises: {
    'a network that fails with an unknown message': refusing(healthy, {
      step: 'create-network',
      message: 'the moon is in the wrong house',
    }),
    'a container that fails with an unknown message': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'OCI runtime create failed: unable to start container process',
    }),
  },
  leavesAlone: {
    'a hook that fails where two networks give a default route': recorded('moby-l3-and-bridge'),
    'a run without an engine error': unrefused(healthy),
    'a message that has a cause of its own': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the macvlan port: device or resource busy',
    }),
  },
});
