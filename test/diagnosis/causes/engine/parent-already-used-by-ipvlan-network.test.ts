import { parentAlreadyUsedByIpvlanNetwork } from '../../../../src/diagnosis/causes/engine/parent-already-used-by-ipvlan-network.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(parentAlreadyUsedByIpvlanNetwork, {
  recognises: {
    'a second network on a parent': refusing(healthy, {
      step: 'create-network',
      message: 'network di-0123456789ab is already using parent interface enp0s3',
    }),
    'a macvlan network in mode passthru': refusing(healthy, {
      step: 'create-network',
      message: 'macvlan network office is already using parent interface enp0s3 in mode passthru',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a parent that another driver uses, which shows when the container starts': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create the ipvlan port: device or resource busy',
    }),
    'a subnet that is in use': refusing(healthy, {
      step: 'create-network',
      message: 'Pool overlaps with other one on this address space',
    }),
  },
});
