import { engineRefused } from '../../../../src/diagnosis/causes/engine/engine-refused.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(engineRefused, {
  recognises: {
    'a network refused with a sentence nobody has met': refusing(healthy, {
      step: 'create-network',
      message: 'the moon is in the wrong house',
    }),
    'a container refused with one': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'OCI runtime create failed: unable to start container process',
    }),
  },
  leavesAlone: {
    'a hook that fails where two networks give a default route': recorded('moby-l3-and-bridge'),
    'a run in which nothing was refused': unrefused(healthy),
    'a sentence that has a cause of its own': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the macvlan port: device or resource busy',
    }),
  },
});
