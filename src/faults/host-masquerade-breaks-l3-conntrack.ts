import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';

export const hostMasqueradeBreaksL3Conntrack = defineFault({
  id: 'host-masquerade-breaks-l3-conntrack',
  title: 'Masquerade the container subnets on the host, the fix that breaks L3',
  needsDisposableHost: true,
  parameters: z.strictObject({ subnet: z.string().optional().describe('Only this container subnet.') }),
  commands: (plan, { subnet }) =>
    containerSubnets(plan, subnet).map((source) => {
      const rule = `POSTROUTING -s ${source} -o ${plan.site.host.interface} -j MASQUERADE`;
      return step('host', `iptables -t nat -A ${rule}`, `iptables -t nat -D ${rule}`);
    }),
});
