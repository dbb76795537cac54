import { z } from 'zod';
import type { NodeCommand } from '../topology/execute.js';
import { containerSubnets, defineFault, step } from './fault.js';

export const parentTcXdpOrNetdevFilter = defineFault({
  id: 'parent-tc-xdp-or-netdev-filter',
  title: 'Drop the container subnets on the parent link itself, below everything IP',
  needsDisposableHost: true,
  parameters: z.strictObject({
    subnet: z.string().optional().describe('Only this container subnet.'),
    by: z.enum(['netdev', 'tc']).optional().describe('An nftables table of the netdev family, or a tc filter.'),
    way: z.enum(['egress', 'ingress']).optional().describe('What is dropped: what leaves, or what comes in.'),
  }),
  commands: (plan, { subnet, by = 'netdev', way = 'egress' }) => {
    const parent = plan.site.host.interface;
    const subnets = containerSubnets(plan, subnet);
    return by === 'netdev' ? netdev(parent, { subnets, way }) : trafficControl(parent, { subnets, way });
  },
});

interface Dropped {
  readonly subnets: readonly string[];
  readonly way: 'egress' | 'ingress';
}

function netdev(parent: string, { subnets, way }: Dropped): readonly NodeCommand[] {
  const side = way === 'egress' ? 'saddr' : 'daddr';
  return [
    step(
      'host',
      `nft add table netdev guard && nft add chain netdev guard wire '{ type filter hook ${way} device "${parent}" priority 0; policy accept; }'`,
      'nft delete table netdev guard',
    ),
    ...subnets.map((one) => step('host', `nft add rule netdev guard wire ip ${side} ${one} counter drop`)),
  ];
}

function trafficControl(parent: string, { subnets, way }: Dropped): readonly NodeCommand[] {
  const side = way === 'egress' ? 'src' : 'dst';
  return [
    step('host', `tc qdisc add dev ${parent} clsact`, `tc qdisc del dev ${parent} clsact`),
    ...subnets.map((one, index) =>
      step(
        'host',
        `tc filter add dev ${parent} ${way} protocol ip prio ${10 + index} u32 match ip ${side} ${one} action drop`,
      ),
    ),
  ];
}
