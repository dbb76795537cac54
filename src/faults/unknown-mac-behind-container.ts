import { z } from 'zod';
import { familyOf, prefixLength } from '../ip.js';
import { containerOf, defineFault, step } from './fault.js';

export const unknownMacBehindContainer = defineFault({
  id: 'unknown-mac-behind-container',
  title: 'Bridge the link of a macvlan container inside it, with another MAC address',
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Which container. Default: the first.'),
    mac: z.string().default('02:00:00:00:bb:01').describe('The MAC address of the bridge.'),
  }),
  commands: (plan, { container, mac }) => {
    const victim = containerOf(plan, container);
    const attachment = victim?.attachments[0];
    const network = plan.networks.find(({ name }) => name === attachment?.network);
    const address = attachment?.addresses.find((own) => familyOf(own) === 4);
    const subnet = network?.subnets.find((one) => familyOf(one.subnet) === 4);
    if (!victim || !address || !subnet) return [];
    const own = `${address}/${prefixLength(subnet.subnet)}`;
    const route = subnet.gateway === undefined ? [] : [`ip route replace default via ${subnet.gateway}`];
    const run = [
      `ip link add br0 address ${mac} type bridge`,
      'ip link set br0 up',
      'ip link set eth0 master br0',
      `ip addr del ${own} dev eth0`,
      `ip addr add ${own} dev br0`,
      ...route,
    ];
    const undo = ['ip link del br0', `ip addr add ${own} dev eth0`, ...route];
    return [step(victim.name, run.join(' && '), undo.join(' && '))];
  },
});
