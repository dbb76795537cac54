import { containerUsesHostOrGatewayIp } from '../../../../src/diagnosis/causes/address/container-uses-host-or-gateway-ip.js';
import { arriving, change, describeCause, lost, recorded, withLink } from '../../situation.js';

const layer3 = lost(recorded('article-second-attempt'), 'host-unreachable', 'webapp>g*', 'host>*');
const holding = (address: string) =>
  withLink(layer3, 'database', { name: 'eth0', addresses: ['192.168.20.10/24', address] });

const layer2 = lost(recorded('l2-healthy'), 'timeout', 'webapp>google.com/icmp');
const unused = withLink(layer2, 'database', { name: 'eth0', addresses: ['192.168.0.101/24', '192.168.0.1/32'] });
const misled = change(unused, ({ neighbours, links }) => ({
  neighbours: {
    ...neighbours,
    webapp: [
      {
        address: '192.168.0.1',
        device: 'eth0',
        mac: links['database']?.find(({ name }) => name === 'eth0')?.mac,
        state: 'REACHABLE',
      },
    ],
  },
}));

describeCause(containerUsesHostOrGatewayIp, {
  recognises: {
    'a container with the address of the host': holding('192.168.0.2/32'),
    'a container with the address of the gateway, which another container uses as its gateway': misled,
  },
  leavesAlone: {
    'a container with a second address that no machine has': holding('192.168.0.77/32'),
    'a container with the address of the gateway, which no neighbour table shows': unused,
    'the same failures without such a container': layer3,
    'flows that arrive': arriving(holding('192.168.0.2/32'), '*'),
  },
});
