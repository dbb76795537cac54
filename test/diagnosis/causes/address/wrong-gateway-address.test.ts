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
    'a gateway address that nobody answers for': wrong,
    'the same by ARP on the parent, when the containers’ own tables could not tell': quiet(wrong),
    'a gateway address that a peer holds': towards('192.168.0.50'),
  },
  leavesAlone: {
    'the right gateway': towards('192.168.0.1'),
    'an address nothing is known of: nobody asked for it': quiet(towards('192.168.0.77')),
    'nothing known, with the parent’s capture asleep': asleep(quiet(wrong), 'host'),
    'L3, where a gateway address is ignored': recorded('article-first-attempt'),
    'containers that arrive': arriving(wrong, '*'),
  },
});
