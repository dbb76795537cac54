import { crossParentOrCrossSubnet } from '../../../../src/diagnosis/causes/address/cross-parent-or-cross-subnet.js';
import { arriving, change, describeCause, lost, recorded, withRoute, type Situation } from '../../situation.js';

const ID = 'webapp>database/icmp';
const apart = lost(recorded('l2-healthy'), 'timeout', ID);
/** The second container in a second subnet of the same network. */
const split = (situation: Situation, mode = 'l2'): Situation =>
  change(
    {
      ...situation,
      probes: situation.probes.map((probe) =>
        probe.id === ID ? { ...probe, to: { ...probe.to, address: '10.50.0.10' } } : probe,
      ),
    },
    ({ networks, containers, nodes }) => ({
      networks: networks.map((one) => ({
        ...one,
        mode,
        subnets: [...one.subnets, { subnet: '10.50.0.0/24', gateway: undefined }],
      })),
      nodes: nodes.map((node) => (node.name === 'database' ? { ...node, addresses: ['10.50.0.10'] } : node)),
      containers: containers.map((one) =>
        one.name === 'database'
          ? { ...one, attachments: [{ network: 'ipvlan_net', addresses: ['10.50.0.10'], gateway: undefined }] }
          : one,
      ),
    }),
  );

describeCause(crossParentOrCrossSubnet, {
  recognises: { 'two subnets of one L2 network, with the gateway between them': split(apart) },
  leavesAlone: {
    'siblings of one subnet': apart,
    'two subnets in L3, which the parent connects': split(apart, 'l3'),
    'a container that has the other subnet on its link': withRoute(split(apart), 'webapp', {
      destination: '10.50.0.0/24',
      device: 'eth0',
    }),
    'a router that connects them': arriving(split(apart), '*'),
  },
});
