import { z } from 'zod';
import { bare } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import type { NodeCommand } from '../topology/execute.js';
import { containerOf, defineFault, step } from './fault.js';

export const containerRouterDropsForwarded = defineFault({
  id: 'container-router-drops-forwarded',
  title: 'Use a container as the router of another machine, and let it drop what it should forward',
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('The container that is the router. Default: the first.'),
    user: z.string().optional().describe('The node whose default route leads to it. Default: the first peer.'),
    how: z
      .enum(['filter', 'forwarding', 'nat'])
      .default('filter')
      .describe(
        'filter: its FORWARD policy drops; forwarding: its sysctl ip_forward is 0; nat: it sends what it forwards into a tunnel, and does not masquerade it.',
      ),
  }),
  commands: (plan, { container, user, how }) => {
    const router = containerOf(plan, container);
    const sender = user ?? plan.site.peers[0]?.name;
    const address = router?.attachments[0]?.addresses[0];
    if (!router || sender === undefined || address === undefined) return [];
    return [...WAYS[how](router.name), ...routedThrough(plan, { sender, address })];
  },
});

const WAYS: Readonly<Record<'filter' | 'forwarding' | 'nat', (router: string) => readonly NodeCommand[]>> = {
  filter: (router) => [
    step(router, 'iptables -P FORWARD DROP', 'iptables -P FORWARD ACCEPT'),
    step(
      router,
      'iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE',
      'iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE',
    ),
  ],
  forwarding: (router) => [step(router, 'sysctl -qw net.ipv4.ip_forward=0', 'sysctl -qw net.ipv4.ip_forward=1')],
  // No tunnel need be real to carry packets: this one is a cable to the internet.
  nat: (router) => [
    step(router, 'ip link add tun0 type veth peer name eth9 netns internet', 'ip link del tun0'),
    step(router, 'ip addr add 10.8.0.2/24 dev tun0 && ip link set tun0 up'),
    step('internet', 'ip addr add 10.8.0.1/24 dev eth9 && ip link set eth9 up'),
    step(router, 'ip route add 0.0.0.0/1 via 10.8.0.1', undefined),
    step(router, 'ip route add 128.0.0.0/1 via 10.8.0.1', undefined),
  ],
};

function routedThrough(
  { site }: Plan,
  { sender, address }: { readonly sender: string; readonly address: string },
): readonly NodeCommand[] {
  const usual = site.gateway.addresses[0];
  const undo = usual === undefined ? undefined : `ip route replace default via ${bare(usual)}`;
  return [step(sender, `ip route replace default via ${bare(address)}`, undo)];
}
