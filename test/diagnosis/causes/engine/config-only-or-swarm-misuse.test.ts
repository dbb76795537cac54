import { configOnlyOrSwarmMisuse } from '../../../../src/diagnosis/causes/engine/config-only-or-swarm-misuse.js';
import { describeCause, recorded, refusing, unrefused } from '../../situation.js';

const healthy = recorded('l2-healthy');

describeCause(configOnlyOrSwarmMisuse, {
  recognises: {
    'a network that only holds configuration': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'cannot join a container to a configuration-only network',
    }),
    'scope swarm without a swarm': refusing(healthy, {
      step: 'create-network',
      message: 'This node is not a swarm manager. Use "docker swarm init" to connect this node to swarm and try again.',
    }),
    'a network of a swarm that takes services only': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message:
        'Could not attach to network office: rpc error: code = PermissionDenied desc = network office not manually attachable',
    }),
  },
  leavesAlone: {
    'a run without an engine error': unrefused(healthy),
    'a network that Docker did not restore': refusing(healthy, {
      step: 'start-container',
      container: 'webapp',
      message: 'network id "0123456789abcdef" not found',
    }),
  },
});
