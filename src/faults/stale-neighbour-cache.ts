import { z } from 'zod';
import { familyOf } from '../ip.js';
import { containerOf, defineFault, step } from './fault.js';

/** Locally administered, and not in use. */
const MAC = '02:00:5e:00:53:63';

export const staleNeighbourCache = defineFault({
  id: 'stale-neighbour-cache',
  title: "Give the gateway a permanent ARP entry with a wrong MAC address for a container's address",
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Whose address. Default: the first container’s.'),
  }),
  commands: (plan, { container }) => {
    const address = containerOf(plan, container)?.attachments[0]?.addresses.find((own) => familyOf(own) === 4);
    if (address === undefined) return [];
    return [
      step(
        'gateway',
        `ip neigh replace ${address} lladdr ${MAC} dev lan0 nud permanent`,
        `ip neigh del ${address} dev lan0`,
      ),
    ];
  },
});
