import type { Link, NetworkFact, PerNode } from '../../../evidence/facts.js';
import { bare, contains, familyOf, prefixLength, sameAddress } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Command, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { ipFor } from '../../remedies/ip-command.js';
import { complaint, failing, idsOf, lacksItsAddress, seenByTarget, telling } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostName } from '../../reading.js';

type Needs = 'nodes' | 'networks' | 'containers' | 'links';

/** Who holds a container's address in its place. */
interface Holder {
  readonly node: string;
  readonly link: string;
  /** With prefix length. */
  readonly address: string;
}

/** A failing flow of a container whose address another link on its parent holds. */
interface Dispossessed extends Flow {
  readonly network: NetworkFact;
  readonly containerAddress: string;
  readonly holder: Holder;
  /** The container's own link to the parent. */
  readonly device: string;
}

export const duplicateIpOnSameParent = defineCause({
  id: 'duplicate-ip-on-same-parent',
  title: "Another link on the same parent holds the container's address",
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    One IPvlan parent delivers by address, so that the kernel allows each address once on it: the second link that wants it
    is refused with "Address already assigned to an ipvlan device". A shim of the host's that was given an address out of
    Docker's range does that to the container that comes later, and so does a container's namespace that has not quite gone
    yet. Docker believes the container has the address; what others reach under it is the other link.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://github.com/lxc/lxd/issues/8427'],

  detect(view) {
    const lost = failing(view.flows).flatMap(
      (flow) => dispossessed(view, flow) ?? dispossessed(view, seenByTarget(view.network, flow)) ?? [],
    );
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: { flow, containers },
      explains: idsOf(lost),
      because: containers.map(
        ({ container, containerAddress, device, holder, network }) =>
          `${container?.name}: ${device} does not hold ${containerAddress}, which Docker gave it; ${holder.link} of ${holder.node} does, on the same parent ${network.parent} (ip address).`,
      ),
    });
  },
  explain: ({ flow: { holder, containerAddress, network, ...flow } }) =>
    `${complaint({ ...flow, network, containerAddress })}: ${holder.link} of ${holder.node} holds ${containerAddress} on the same parent ${network.parent}, which allows an address once, so that the container was refused it.`,
  remedy: ({ containers }) => [
    {
      title: 'Take the address from the other link, and give it to the container',
      use: 'run',
      commands: containers.flatMap((one) => [take(one.holder), give(one)]),
    },
    advice("For good: keep addresses that are not Docker's to give out of its hands", 'docker', [
      sh`# recreate the network with --aux-address ${placeholder('NAME=ADDRESS')} for each address the host uses, or with an --ip-range of Docker's own`,
    ]),
  ],
});

function dispossessed(view: View<Needs>, flow: Flow | undefined): Dispossessed | undefined {
  if (!flow) return undefined;
  const { container, containerAddress, network } = flow;
  if (!container || containerAddress === undefined || network?.driver !== 'ipvlan') return undefined;
  if (!lacksItsAddress(view.network, flow)) return undefined;
  const [host, links] = [hostName(view.nodes), view.links];
  const siblings = view.containers
    .filter((other) => other.name !== container.name && hangsOn(view.networks, other.attachments, network.parent))
    .map(({ name }) => name);
  const holder = [host, ...siblings].flatMap((node) => holderOn(links, node, containerAddress) ?? [])[0];
  const device = links[container.name]?.find(({ kind }) => kind === 'ipvlan')?.name ?? 'eth0';
  return holder && { ...flow, network, containerAddress, holder, device };
}

function hangsOn(
  networks: readonly NetworkFact[],
  attachments: readonly { readonly network: string }[],
  parent: string | undefined,
): boolean {
  return attachments.some((one) =>
    networks.some(({ name, parent: other }) => name === one.network && other === parent),
  );
}

function holderOn(links: PerNode<readonly Link[]>, node: string, wanted: string): Holder | undefined {
  return (links[node] ?? [])
    .filter(({ kind }) => kind === 'ipvlan')
    .flatMap(({ name, addresses }) => addresses.map((address) => ({ node, link: name, address })))
    .find(({ address }) => sameAddress(bare(address), wanted));
}

function take({ node, link, address }: Holder): Command {
  return on(node, sh`ip addr del ${address} dev ${link}`, sh`ip addr add ${address} dev ${link}`);
}

function give({ container, containerAddress, network, device }: Dispossessed): Command {
  const subnet = network.subnets.find((one) => contains(one.subnet, containerAddress));
  const six = familyOf(containerAddress) === 6;
  const own = sh`${containerAddress}/${subnet ? prefixLength(subnet.subnet) : six ? 128 : 32}`;
  const way = isLayer3(network) || !subnet?.gateway ? sh`dev ${device}` : sh`via ${subnet.gateway}`;
  return on(
    container?.name ?? '',
    sh`ip addr replace ${own} dev ${device} && ${ipFor(containerAddress)} route replace default ${way}`,
    sh`ip addr del ${own} dev ${device}`,
  );
}
