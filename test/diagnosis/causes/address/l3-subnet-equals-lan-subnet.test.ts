import { l3SubnetEqualsLanSubnet } from '../../../../src/diagnosis/causes/address/l3-subnet-equals-lan-subnet.js';
import { recreated } from '../../readdress.js';
import { arriving, describeCause, lost, recorded, unseen } from '../../situation.js';

const layer2 = recorded('l2-healthy');
const unanswered = lost(recreated(layer2, { mode: 'l3' }), 'timeout', '*');

describeCause(l3SubnetEqualsLanSubnet, {
  recognises: {
    'an L3 network with the subnet of the LAN': unanswered,
    'the same in L3S': lost(recreated(layer2, { mode: 'l3s' }), 'timeout', '*'),
    'the same where only the host can be looked at': unseen(unseen(unanswered, 'gateway'), 'laptop'),
  },
  leavesAlone: {
    'the same subnet in L2, where other checks fail': lost(layer2, 'timeout', '*'),
    'an L3 network with a subnet of its own': recorded('article-first-attempt'),
    'containers that arrive, as behind a gateway that answers ARP for them': arriving(unanswered, '*'),
  },
});
