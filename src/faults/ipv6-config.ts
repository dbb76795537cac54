import { z } from 'zod';
import { familyOf, prefixLength } from '../ip.js';
import { isLayer3Mode } from '../scenario/settle/settle-gateway.js';
import { containerOf, defineFault, step } from './fault.js';

export const ipv6Config = defineFault({
  id: 'ipv6-config',
  title: 'Turn IPv6 off inside a container, as an image or a --sysctl may do',
  needsDisposableHost: false,
  parameters: z.strictObject({ container: z.string().optional().describe('Which container. Default: the first.') }),
  commands: (plan, { container }) => {
    const victim = containerOf(plan, container);
    const attachment = victim?.attachments[0];
    const network = plan.networks.find(({ name }) => name === attachment?.network);
    const address = attachment?.addresses.find((own) => familyOf(own) === 6);
    const subnet = network?.subnets.find((one) => familyOf(one.subnet) === 6);
    if (!victim || !network || !address || !subnet) return [];
    const way = isLayer3Mode(network.mode) ? 'dev eth0' : `via ${subnet.gateway ?? ''} dev eth0`;
    // With this setting the kernel removes addresses and routes, and does not restore ours.
    const undo = [
      'sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=0',
      `ip addr replace ${address}/${prefixLength(subnet.subnet)} dev eth0 nodad`,
      `ip -6 route replace default ${way}`,
    ];
    return [step(victim.name, 'sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1', undo.join(' && '))];
  },
});
