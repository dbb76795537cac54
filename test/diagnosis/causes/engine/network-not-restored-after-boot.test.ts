import { networkNotRestoredAfterBoot } from '../../../../src/diagnosis/causes/engine/network-not-restored-after-boot.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(networkNotRestoredAfterBoot, {
  recognises: {
    'a network that is listed and not restored': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'failed to create endpoint webapp on network ipvlan_net: network id "0123456789abcdef" not found',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a network that was never created': refusing(healthy, {
      step: 'create-network',
      message: 'invalid subinterface vlan name enp0s33, example formatting is eth0.10',
    }),
    'a parent that has disappeared': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'the requested parent interface enp0s3 was not found on the Docker host',
    }),
  },
});
