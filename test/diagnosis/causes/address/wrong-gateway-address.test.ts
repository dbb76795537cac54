import { wrongGatewayAddress } from '../../../../src/diagnosis/causes/address/wrong-gateway-address.js';
import { arriving, asleep, change, describeCause, recorded, withRoute, withoutRoutes } from '../../situation.js';

const wrong = recorded('l2-wrong-gateway');
const quiet = (situation: typeof wrong) =>
  change(situation, ({ neighbours }) => ({ neighbours: { ...neighbours, webapp: [], database: [] } }));
const towards = (via: string) =>
  ['webapp', 'database'].reduce(
    (situation, node) =>
      withRoute(
        withoutRoutes(situation, node, ({ destination }) => destination === '0.0.0.0/0'),
        node,
        { destination: '0.0.0.0/0', via, device: 'eth0' },
      ),
    wrong,
  );

describeCause(wrongGatewayAddress, {
  recognises: {
    'a gateway address without an ARP reply': wrong,
    'the same by ARP on the parent, where the containers’ own tables do not show it': quiet(wrong),
    'a gateway address that a peer has': towards('192.168.0.50'),
  },
  leavesAlone: {
    'the right gateway': towards('192.168.0.1'),
    'an unknown address without an ARP request': quiet(towards('192.168.0.77')),
    'no known address, and no working capture on the parent': asleep(quiet(wrong), 'host'),
    'L3, where a gateway address is ignored': recorded('article-first-attempt'),
    'containers that arrive': arriving(wrong, '*'),
  },
});
