import { z } from 'zod';
import { familyOf } from '../ip.js';
import { containerOf, defineFault, step } from './fault.js';

export const duplicateIpOnLan = defineFault({
  id: 'duplicate-ip-on-lan',
  title: "Give a container's address to a machine on the LAN too, as a DHCP server does that knows nothing of Docker",
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Whose address; that of the first when absent.'),
    peer: z.string().optional().describe('Who gets it; the first peer when absent.'),
  }),
  commands: (plan, { container, peer }) => {
    const victim = containerOf(plan, container);
    const other = peer ?? plan.site.peers[0]?.name;
    const address = victim?.attachments[0]?.addresses.find((own) => familyOf(own) === 4);
    if (!victim || other === undefined || address === undefined) return [];
    return [step(other, `ip addr add ${address}/32 dev eth0`, `ip addr del ${address}/32 dev eth0`)];
  },
});
