import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { containerOf, defineFault, step } from './fault.js';

export const containerUsesHostOrGatewayIp = defineFault({
  id: 'container-uses-host-or-gateway-ip',
  title: "Give a container the host's or the gateway's own address on the LAN",
  needsDisposableHost: true,
  parameters: z.strictObject({
    container: z.string().optional().describe('Which container. Default: the last.'),
    whose: z.enum(['host', 'gateway']).default('host').describe('Whose address it takes.'),
  }),
  commands: (plan, { container, whose }) => {
    const second = containerOf(plan, container ?? plan.containers.at(-1)?.name);
    const address = plan.site[whose].addresses.map(bare).find((own) => familyOf(own) === 4);
    if (!second || address === undefined) return [];
    return [step(second.name, `ip addr add ${address}/32 dev eth0`, `ip addr del ${address}/32 dev eth0`)];
  },
});
