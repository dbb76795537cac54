import { z } from 'zod';
import { firstAddress } from '../ip.js';
import { isLayer3Mode } from '../scenario/settle/settle-gateway.js';
import { containerOf, defineFault, step } from './fault.js';

export const noGatewayConfigured = defineFault({
  id: 'no-gateway-configured',
  title: "Take the container's default route away, as Docker 29 leaves it when a network has no gateway",
  needsDisposableHost: false,
  parameters: z.strictObject({ container: z.string().optional().describe('Which container. Default: the first.') }),
  commands: (plan, { container }) => {
    const victim = containerOf(plan, container);
    const network = plan.networks.find(({ name }) => name === victim?.attachments[0]?.network);
    if (!victim || !network) return [];
    const [subnet] = network.subnets;
    // What Docker up to 28 guesses: the first address.
    const gateway = subnet && (subnet.gateway ?? firstAddress(subnet.subnet, subnet.range));
    const restored = gateway && !isLayer3Mode(network.mode) ? `via ${gateway}` : 'dev eth0';
    return [step(victim.name, 'ip route del default', `ip route replace default ${restored}`)];
  },
});
