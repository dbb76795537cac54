import { familyOf } from '../../../ip.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause, found, type Remedy } from '../../cause.js';
import { deciderText } from '../../filter-names.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import { acceptBlocked } from '../../remedies/allow-traffic.js';
import { distinctChanges, type Change } from '../../remedies/change.js';
import { routerBlock, type RouterBlock } from '../../symptoms/container-router.js';

export const containerRouterDropsForwarded = defineCause({
  id: 'container-router-drops-forwarded',
  title: 'A container that others use as their router does not forward',
  layer: 'container',
  kind: 'fault',
  hop: 'container-firewall',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'containers', 'links', 'routes', 'rules', 'firewall'],
  background: `
    A VPN container is often the gateway of other machines and containers. It forwards in its own network namespace: its own
    sysctl ip_forward, its own FORWARD chain and its own NAT decide, and the Docker host's FORWARD chain never sees the packets.
    VPN images set FORWARD to drop, so that nothing bypasses the tunnel. What they forward into the tunnel needs masquerading,
    because the far end has no route to the LAN. The container itself reaches every target meanwhile.`,
  see: [
    'https://docs.kernel.org/networking/ip-sysctl.html',
    'https://wiki.nftables.org/wiki-nftables/index.php/Performing_Network_Address_Translation_(NAT)',
  ],

  detect(view) {
    const blocks = failing(view.flows).flatMap((flow) => routerBlock(view, flow) ?? []);
    const about = telling(blocks.map(({ flow }) => flow));
    const first = blocks.find(({ flow }) => flow === about);
    if (!first) return undefined;
    const each = [...new Map(blocks.map((one) => [JSON.stringify(observation(one)), one])).values()];
    return found({
      about,
      detail: { first, blocks },
      explains: idsOf(blocks.map(({ flow }) => flow)),
      because: each.map(observation),
    });
  },
  explain: ({ first: { flow, router, ...block } }) =>
    `${complaint(flow)}: the next hop is the container ${router}, and ${reasonText(block)}.`,
  remedy: ({ blocks }) => [
    {
      title: `Let ${routersOf(blocks).join(' and ')} forward what the failed checks send, and nothing else. The program that set the rules may set them again`,
      use: 'run',
      changes: distinctChanges(blocks.flatMap((block) => repair(blocks, block))),
    },
    forGood(blocks),
  ],
});

function sysctlFor({ flow }: Pick<RouterBlock, 'flow'>): string {
  return familyOf(flow.to.address) === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
}

function routersOf(blocks: readonly RouterBlock[]): readonly string[] {
  return [...new Set(blocks.map(({ router }) => router))];
}

function reasonText({ reason, device, source }: Pick<RouterBlock, 'reason' | 'device' | 'source'>): string {
  switch (reason.kind) {
    case 'forwarding-off':
      return 'its sysctl for forwarding is 0';
    case 'not-translated':
      return `it does not masquerade what it forwards from ${source} through ${device}`;
    default:
      return `in its network namespace ${deciderText(reason)} drops what it forwards`;
  }
}

function observation(block: RouterBlock): Observation {
  const { router: node, reason, device, source } = block;
  switch (reason.kind) {
    case 'forwarding-off':
      return { kind: 'sysctl', node, name: sysctlFor(block), value: '0' };
    case 'not-translated':
      return { kind: 'not-masqueraded', node, source, device: device ?? '' };
    default:
      return { kind: 'filter-drops', node, by: reason, hook: 'forward' };
  }
}

function repair(all: readonly RouterBlock[], block: RouterBlock): readonly Change[] {
  const { router: on, reason, device, source } = block;
  switch (reason.kind) {
    case 'forwarding-off':
      return [{ kind: 'sysctl', on, name: sysctlFor(block), value: 1, was: 0 }];
    case 'not-translated':
      return device === undefined ? [] : [{ kind: 'masquerade', on, subnet: source, device }];
    default: {
      const own = all.filter(({ router, reason: { kind } }) => router === on && kind === reason.kind);
      return acceptBlocked(
        on,
        own.flatMap(({ blocked }) => blocked),
      );
    }
  }
}

function forGood(blocks: readonly RouterBlock[]): Remedy {
  return advice(
    'For good: change the configuration of the VPN client or image (its switch for forwarding, or its own file of further rules), and its sysctl with docker run --sysctl',
    'docker',
    routersOf(blocks).map((router) => sh`docker logs ${operands(router)}; docker inspect ${operands(router)}`),
  );
}
