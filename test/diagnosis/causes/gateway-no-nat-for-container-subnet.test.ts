import { gatewayNoNatForContainerSubnet } from '../../../src/diagnosis/causes/gateway-no-nat-for-container-subnet.js';
import { arriving, asleep, change, describeCause, lost, recorded, unseen, withoutPackets } from '../situation.js';

const bare = recorded('comment-gateway-does-not-nat');

describeCause(gatewayNoNatForContainerSubnet, {
  recognises: {
    'requests that leave the uplink with the container’s address': bare,
    'the gateway’s rules alone, when nothing was seen on its uplink': withoutPackets(bare, 'gateway'),
    'the rules its owner printed, when nobody could capture on the gateway': change(bare, ({ captures }) => ({
      captures: captures.filter(({ node }) => node !== 'gateway'),
    })),
  },
  leavesAlone: {
    'a gateway that translates, with its uplink down': recorded('uplink-down'),
    'requests that never came so far': recorded('comment-host-kill-switch'),
    'the answers having arrived': arriving(bare, 'webapp>*', 'database>*'),
    'a gateway out of sight that does not answer the container either': lost(
      unseen(bare, 'gateway'),
      'timeout',
      'webapp>gateway/icmp',
      'database>gateway/icmp',
    ),
    'a gateway out of sight, with the host’s own capture asleep': asleep(unseen(bare, 'gateway'), 'host'),
  },
  cannotTell: {
    'a gateway that does not translate from one that filters, when it cannot be seen': unseen(bare, 'gateway'),
  },
});
