import { z } from 'zod';
import { contains, prefixLength } from '../ip.js';
import { isLayer3Mode } from '../scenario/settle/settle-gateway.js';
import { containerOf, defineFault, step } from './fault.js';

export const duplicateIpOnSameParent = defineFault({
  id: 'duplicate-ip-on-same-parent',
  title: "Give a container's address to a link of the host's on the same parent, before the container gets it",
  needsDisposableHost: false,
  parameters: z.strictObject({ container: z.string().optional().describe('Which container. Default: the first.') }),
  commands: (plan, { container }) => {
    const victim = containerOf(plan, container);
    const [attachment] = victim?.attachments ?? [];
    const network = plan.networks.find(({ name }) => name === attachment?.network);
    const [address] = attachment?.addresses ?? [];
    const subnet = network?.subnets.find((one) => address !== undefined && contains(one.subnet, address));
    if (!victim || !network || !subnet || address === undefined) return [];
    const own = `${address}/${prefixLength(subnet.subnet)}`;
    const way = isLayer3Mode(network.mode) ? 'dev eth0' : `via ${subnet.gateway ?? ''}`;
    return [
      step(
        victim.name,
        `ip addr del ${own} dev eth0`,
        `ip addr replace ${own} dev eth0 && ip route replace default ${way}`,
      ),
      step(
        'host',
        `ip link add shim0 link ${network.parent} type ipvlan mode ${network.mode} && ip addr add ${address}/32 dev shim0 && ip link set shim0 up`,
        'ip link del shim0',
      ),
      // As starting the container would: the kernel rejects the second holder.
      step(victim.name, `! ip addr add ${own} dev eth0 2>/dev/null`),
    ];
  },
});
