import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf, prefixLength } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, lacksItsAddress, seenByTarget, telling } from '../../flow-questions.js';
import type { Change } from '../../remedies/change.js';

/** Which link holds a container's address in its place. */
interface Holder {
  readonly node: string;
  readonly link: string;
  /** With prefix length. */
  readonly address: string;
}

/** A failing flow of a container whose address another link on its parent holds. */
interface Displaced extends Flow {
  readonly network: NetworkFact;
  readonly containerAddress: string;
  readonly holder: Holder;
  /** The container's own link to the parent. */
  readonly device: string;
}

export const duplicateIpOnSameParent = defineCause({
  id: 'duplicate-ip-on-same-parent',
  title: "Another link on the same parent has the container's address",
  layer: 'address',
  kind: 'fault',
  hop: 'container-route',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'containers', 'links'],
  background: `
    An IPvlan parent delivers by address, so the kernel allows each address once on it. It rejects the second link with
    "Address already assigned to an ipvlan device". A shim on the host with an address from Docker's range does that to the
    container that starts later; so does the namespace of a container that is not removed yet. Docker still shows the address
    for the container. Others who use it reach the other link.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://github.com/lxc/lxd/issues/8427'],

  detect({ flows, network }) {
    const lost = failing(flows).flatMap(
      (flow) => displaced(network, flow) ?? displaced(network, seenByTarget(network, flow)) ?? [],
    );
    const flow = telling(lost);
    if (!flow) return undefined;
    const containers = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: { flow, containers },
      explains: idsOf(lost),
      because: containers.flatMap(({ container, containerAddress, device, holder: { node, link, address } }) => [
        { kind: 'address-lost', at: { node: container?.name ?? '', device }, address: containerAddress } as const,
        { kind: 'address-held', at: { node, device: link }, address } as const,
      ]),
    });
  },
  explain: ({ flow: { holder, containerAddress, network, ...flow } }) =>
    `${complaint({ ...flow, network, containerAddress })}: ${holder.link} of ${holder.node} has ${containerAddress} on the same parent ${network.parent}, which allows an address once.`,
  remedy: ({ containers }) => [
    {
      title: 'Remove the address from the other link, and give it to the container',
      use: 'run',
      changes: containers.flatMap((one) => [release(one.holder), give(one)]),
    },
    advice('Reserve addresses that the host uses, so that Docker gives them to no container', 'docker', [
      sh`# recreate the network with --aux-address ${placeholder('NAME=ADDRESS')} for each address the host uses, or with an --ip-range of Docker's own`,
    ]),
  ],
});

function displaced(state: NetworkState, flow: Flow | undefined): Displaced | undefined {
  if (!flow) return undefined;
  const { container, containerAddress, network } = flow;
  if (!container || containerAddress === undefined || network?.driver !== 'ipvlan') return undefined;
  const { parent } = network;
  if (parent === undefined || !lacksItsAddress(state, flow)) return undefined;
  const held = state.addresses.heldOn(parent, containerAddress);
  const holder = held && { node: held.node.name, link: held.link.name, address: held.address };
  const device = state.links.of(container.name)?.find(({ kind }) => kind === 'ipvlan')?.name ?? 'eth0';
  return holder && { ...flow, network, containerAddress, holder, device };
}

function release({ node, link, address }: Holder): Change {
  return { kind: 'address', on: node, do: 'remove', device: link, address };
}

/** The default route went with the address. */
function give({ container, containerAddress, network, device }: Displaced): Change {
  const subnet = network.subnets.find((one) => contains(one.subnet, containerAddress));
  const family = familyOf(containerAddress) ?? 4;
  const address = `${containerAddress}/${subnet ? prefixLength(subnet.subnet) : family === 6 ? 128 : 32}`;
  const via = isLayer3(network) ? undefined : subnet?.gateway;
  return { kind: 'container-address', on: container?.name ?? '', device, address, via };
}
