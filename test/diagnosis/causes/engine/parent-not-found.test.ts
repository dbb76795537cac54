import { parentNotFound } from '../../../../src/diagnosis/causes/engine/parent-not-found.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(parentNotFound, {
  recognises: {
    'a name that no interface has': refusing(healthy, {
      step: 'create-network',
      message: 'invalid subinterface vlan name enp0s33, example formatting is eth0.10',
      asked: { parent: 'enp0s33' },
    }),
    'a VLAN number out of range': refusing(healthy, {
      step: 'create-network',
      message: 'vlan id must be between 1-4094, received: 5000',
      asked: { parent: 'enp0s3.5000' },
    }),
    'a parent that has disappeared since': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'the requested parent interface enp0s9 was not found on the Docker host',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a parent that exists and is in use': refusing(healthy, {
      step: 'create-network',
      message: 'network di-0123456789ab is already using parent interface enp0s3',
    }),
    'the loopback, which exists and cannot be a parent': refusing(healthy, {
      step: 'create-network',
      message: 'loopback interface is not a valid ipvlan parent link',
    }),
  },
});
