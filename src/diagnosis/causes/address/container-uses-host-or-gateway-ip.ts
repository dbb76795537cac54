import type { NodeFact } from '../../../evidence/facts.js';
import { bare, sameAddress } from '../../../ip.js';
import type { NetworkState } from '../../../network/network-state.js';
import { isLayer3 } from '../../../network/networks.js';
import { hostAddressesOn } from '../../../network/segments.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, farAddress, idsOf, isOnLink } from '../../flow-questions.js';

/** A container that holds an address of the host's or the gateway's. */
interface Conflict {
  readonly container: string;
  readonly device: string;
  /** With prefix length. */
  readonly address: string;
  readonly owner: NodeFact;
  readonly parent: string;
  readonly mac: string | undefined;
}

export const containerUsesHostOrGatewayIp = defineCause({
  id: 'container-uses-host-or-gateway-ip',
  title: 'A container has the address of the host or of the router',
  layer: 'address',
  kind: 'fault',
  hop: 'ipvlan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'neighbours'],
  background: `
    An IPvlan parent delivers an incoming packet to the link that holds its destination address, before the host sees it. A
    container with the host's own address therefore receives the host's traffic, the replies to the host's ARP requests
    included. The host loses the LAN, and in L3 mode every container with it. Others who ping the host get a reply from the
    container. A container with the router's address competes with the router for every ARP request.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const conflicts = conflictsIn(view.network);
    const lost = failing(view.flows).flatMap((flow) => {
      const conflict = conflicts.find((one) => isAffected(view, flow, one));
      return conflict ? [{ ...flow, conflict }] : [];
    });
    const flow = lost.find(({ container }) => container) ?? lost[0];
    if (!flow) return undefined;
    const each = [...new Set(lost.map(({ conflict }) => conflict))];
    return found({
      detail: { flow, each },
      explains: idsOf(lost),
      about: flow,
      because: each.map(({ container, device, address, owner, parent }) => ({
        ...({ kind: 'address-of-other', at: { node: container, device } } as const),
        ...{ parent, address, owner: owner.name },
      })),
    });
  },
  explain: ({ flow: { conflict, ...flow } }) =>
    `${complaint(flow)}: container ${conflict.container} has ${bare(conflict.address)}, the address of the ${conflict.owner.kind === 'host' ? 'host' : 'router'}, and receives what comes in for it on ${conflict.parent}.`,
  remedy: ({ each }) => [
    {
      title: 'Remove the address from the container',
      use: 'run',
      changes: each.map(({ container, device, address }) => ({
        ...({ kind: 'address', on: container, do: 'remove', device, address } as const),
      })),
    },
    advice('Reserve the address when you recreate the network, so that Docker gives it to no container', 'docker', [
      sh`# docker network create … ${each.map(({ owner, address }) => sh`--aux-address ${`${owner.name}=${bare(address)}`}`)} …`,
    ]),
  ],
});

function conflictsIn(network: NetworkState): readonly Conflict[] {
  return network.names.containers.flatMap(({ name, attachments }) =>
    network.names.networks
      .filter((one) => attachments.some((attached) => attached.network === one.name))
      .flatMap((one) => {
        const { parent } = one;
        const hosts = hostAddressesOn(network, one);
        return parent === undefined ? [] : conflictsOf(network, { container: name, parent, hosts });
      }),
  );
}

interface Attached {
  readonly container: string;
  readonly parent: string;
  readonly hosts: readonly string[];
}

function conflictsOf({ names, links }: NetworkState, { container, parent, hosts }: Attached): readonly Conflict[] {
  const ownerOf = (address: string) => {
    if (hosts.some((own) => sameAddress(own, address))) return names.host;
    return names.isGateway(bare(address)) ? names.gateway : undefined;
  };
  return (links.of(container) ?? [])
    .filter(({ kind }) => kind === 'ipvlan' || kind === 'macvlan')
    .flatMap(({ name: device, addresses, mac }) =>
      addresses.flatMap((address): Conflict[] => {
        const owner = ownerOf(address);
        return owner ? [{ container, device, address, owner, parent, mac }] : [];
      }),
    );
}

/**
 * Whether a flow needs the address. The host's: the host's own traffic, and in L3 what it sends for its containers, because
 * it asks for next hops by ARP. The gateway's: senders that used it, and learned the container's MAC address.
 */
function isAffected({ network, observed }: Observed, flow: Flow, conflict: Conflict): boolean {
  const { owner, address, parent, container, mac } = conflict;
  const onParent = crossesParent(flow) && flow.network?.parent === parent;
  if (owner.kind === 'host') {
    const withHost = [flow.from.node, flow.to.node].some((node) => node?.kind === 'host');
    return onParent ? isLayer3(flow.network) : withHost && flow.peer !== 'sibling' && flow.container === undefined;
  }
  const sender = flow.outbound ? flow.container?.name : flow.from.label;
  const asker = isLayer3(flow.network) ? network.names.hostName : sender;
  const learned = observed
    .neighbours(asker ?? '')
    ?.some((one) => sameAddress(one.address, bare(address)) && one.mac === mac);
  const needsIt = !isOnLink(flow) || sameAddress(farAddress(flow), bare(address));
  return onParent && needsIt && asker !== container && learned === true;
}
