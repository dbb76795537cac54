import { ipamRejectsAddress } from '../../../../src/diagnosis/causes/engine/ipam-rejects-address.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(ipamRejectsAddress, {
  recognises: {
    'a subnet that is in use': refusing(healthy, {
      step: 'create-network',
      message: 'Pool overlaps with other one on this address space',
    }),
    'a gateway outside its subnet': refusing(healthy, {
      step: 'create-network',
      message: 'no matching subnet for gateway 192.168.61.1',
    }),
    'an address outside the network': refusing(healthy, {
      step: 'create-container',
      container: 'webapp',
      message: 'no configured subnet contains IP address 10.9.9.9',
    }),
    'an address that another container has': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'Address already in use',
    }),
    'a subnet of two addresses, one of them reserved for a gateway': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'no available addresses on this pool',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'an address that the kernel has on the port already': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'Address already assigned to an ipvlan device',
    }),
    'a parent that is in use': refusing(healthy, {
      step: 'create-network',
      message: 'network di-0123456789ab is already using parent interface enp0s3',
    }),
  },
});
