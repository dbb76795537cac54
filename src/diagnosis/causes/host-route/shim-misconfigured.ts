import type { Link, NetworkFact } from '../../../evidence/facts.js';
import { bare, familyOf } from '../../../ip.js';
import { lookup } from '../../../network/fib.js';
import { sh } from '../../../shell.js';
import { defineCause, found, on, type Command, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, isOnLink } from '../../flow-questions.js';
import { fibOf, hostName, linkState } from '../../reading.js';
import { freeAddress, shimsOn } from '../../symptoms/shim.js';

type Needs = 'nodes' | 'networks' | 'links' | 'routes' | 'rules';

/** A shim that does not do its work for one container. */
interface Idle {
  readonly flow: Flow;
  readonly shim: Link;
  readonly network: NetworkFact;
  readonly container: string;
  readonly because: string;
  /** An address for a shim that has none. */
  readonly spare: string | undefined;
}

export const shimMisconfigured = defineCause({
  id: 'shim-misconfigured',
  title: "The host's own link on the parent is not what it reaches its containers by",
  layer: 'host-route',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    Host and containers talk by a link of the host's own on the parent, a "shim", if the host's route to the containers
    leads by it. A shim with the LAN's whole prefix only adds a second, equal route to the LAN, and the kernel goes on using
    the first, by the parent, where nothing comes back. A shim needs an address with /32 and a route for each container, or
    for the part of the subnet that Docker gives away.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://github.com/moby/moby/issues/21735'],

  detect(view) {
    const idle = failing(view.flows).flatMap((flow) => idleShim(view, flow) ?? []);
    const [first] = idle;
    if (!first) return undefined;
    const each = [...new Map(idle.map((one) => [`${one.shim.name} ${one.container}`, one])).values()];
    return found({
      detail: { first, each },
      explains: idsOf(idle.map(({ flow }) => flow)),
      because: each.map(({ because }) => because),
    });
  },
  explain: ({ first }) =>
    `${complaint(first.flow)}: ${first.shim.name} is there for that, and ${first.because.replace(/^[^:]*: /, '')}`,
  remedy: ({ each }) => [
    {
      title: 'Route each container by the shim. It does not outlive a restart',
      use: 'run',
      commands: each.flatMap(repair),
    },
  ],
});

function idleShim(view: View<Needs>, flow: Flow): Idle | undefined {
  const { network, containerAddress: container } = flow;
  const host = hostName(view.nodes);
  const onHost = view.links[host];
  const fib = fibOf(host, view);
  if (!network || container === undefined || !onHost || !fib || flow.peer !== 'host') return undefined;
  if (!crossesParent(flow) || !isOnLink(flow) || linkState(onHost, network.parent) !== 'up') return undefined;
  const hop = lookup(fib, { destination: container });
  const shims = shimsOn(onHost, network);
  // Who leads it to a third link, such as a VPN's policy rule, is to blame, and no shim.
  if ('device' in hop && hop.device !== network.parent && !shims.some(({ name }) => name === hop.device))
    return undefined;
  const chosen = shims.find(({ name }) => 'device' in hop && hop.device === name);
  const shim = chosen ?? shims[0];
  const because = shim && whyIdle(host, shim, { container, leads: 'device' in hop ? hop.device : undefined });
  if (!shim || because === undefined) return undefined;
  const hasOwn = shim.addresses.some((own) => familyOf(own) === familyOf(container) && !own.startsWith('fe80'));
  const spare = hasOwn ? undefined : freeAddress(network, familyOf(container) ?? 4, view);
  return { flow, shim, network, container, because, spare };
}

function whyIdle(
  host: string,
  shim: Link,
  { container, leads }: { readonly container: string; readonly leads: string | undefined },
): string | undefined {
  if (!shim.adminUp) return `${host}: it is set down (ip link).`;
  if (leads === shim.name) return undefined;
  return `${host}: the route to ${container} leads by ${leads ?? 'nothing'}, not by ${shim.name} (ip route get ${container}).`;
}

function repair({ shim, container, spare }: Idle): readonly Command[] {
  const length = familyOf(container) === 6 ? 128 : 32;
  const own = spare ?? shim.addresses.map(bare).find((address) => familyOf(address) === familyOf(container));
  const route = sh`${container}/${length} dev ${shim.name} ${own ? [sh`src ${own}`] : []}`;
  return [
    ...(spare
      ? [
          on(
            'host',
            sh`ip addr replace ${spare}/${length} dev ${shim.name}`,
            sh`ip addr del ${spare}/${length} dev ${shim.name}`,
          ),
        ]
      : []),
    ...(shim.adminUp ? [] : [on('host', sh`ip link set dev ${shim.name} up`, sh`ip link set dev ${shim.name} down`)]),
    on('host', sh`ip route replace ${route}`, sh`ip route del ${route}`),
  ];
}
