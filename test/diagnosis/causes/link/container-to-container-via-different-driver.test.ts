import { containerToContainerViaDifferentDriver } from '../../../../src/diagnosis/causes/link/container-to-container-via-different-driver.js';
import type { NetworkFact } from '../../../../src/evidence/facts.js';
import { arriving, change, describeCause, lost, recorded, withRoute, type Situation } from '../../situation.js';

const ID = 'webapp>database/icmp';
/** The second container moved to a network of its own. */
const moved = (more: Partial<NetworkFact>, address = '172.30.0.10', id = 'l2-healthy'): Situation =>
  change(lost(recorded(id), 'timeout', '*webapp*'), (was) => ({
    nodes: was.nodes.map((node) => (node.name === 'webapp' ? { ...node, addresses: [address] } : node)),
    networks: [
      ...was.networks,
      {
        ...was.networks[0]!,
        name: 'front',
        driver: 'bridge',
        mode: undefined,
        parent: 'br-1',
        subnets: [{ subnet: '172.30.0.0/24', gateway: '172.30.0.1' }],
        ...more,
      },
    ],
    containers: was.containers.map((one) =>
      one.name === 'webapp'
        ? { ...one, attachments: [{ network: 'front', addresses: [address], gateway: undefined }] }
        : one,
    ),
  }));

describeCause(containerToContainerViaDifferentDriver, {
  recognises: {
    'a bridge container that sends to an L2 one': moved({}),
    'an L2 container that sends to a bridge one': change(moved({}), ({ containers, networks }) => ({
      networks: networks.map((one) =>
        one.name === 'front' ? { ...one, driver: 'ipvlan', mode: 'l2' } : { ...one, driver: 'bridge', mode: undefined },
      ),
      containers,
    })),
  },
  leavesAlone: {
    'two networks on two parents': moved({ driver: 'ipvlan', mode: 'l2', parent: 'enp0s3.30' }),
    'L3, which the host reaches through the gateway': moved({}, '172.30.0.10', 'article-second-attempt'),
    siblings: lost(recorded('l2-healthy'), 'timeout', ID),
    'a host that routes the container through another link': withRoute(moved({}), 'host', {
      destination: '192.168.0.101/32',
      device: 'mgmt',
    }),
    'containers that reach each other': arriving(moved({}), '*'),
  },
});
