import type { NodeFact } from '../../../evidence/facts.js';
import { bare, sameAddress } from '../../../ip.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, on, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, farAddress, idsOf, isOnLink } from '../../flow-questions.js';
import { isLayer3 } from '../../../network/networks.js';
import { holds, hostName, nodeOfKind } from '../../reading.js';
import { hostAddressesOn } from '../../../network/segments.js';

type Needs = 'nodes' | 'networks' | 'containers' | 'links' | 'neighbours';

/** A container that holds an address of the host's or the gateway's. */
interface Theft {
  readonly thief: string;
  readonly device: string;
  /** With prefix length. */
  readonly address: string;
  readonly owner: NodeFact;
  readonly parent: string;
  readonly mac: string | undefined;
}

export const containerUsesHostOrGatewayIp = defineCause({
  id: 'container-uses-host-or-gateway-ip',
  title: "A container holds the host's or the gateway's own address",
  layer: 'address',
  kind: 'fault',
  hop: 'ipvlan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'neighbours'],
  background: `
    An IPvlan parent hands over whatever comes in for an address one of its links holds, before the host looks at it. When a
    container holds the host's own address it takes the host's traffic, the answers to the host's ARP requests included:
    the host loses the LAN, and in L3 every container with it, while others still ping "the host" and are answered by the
    container. One that holds the gateway's address competes with it for every ARP request.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://docs.kernel.org/networking/ipvlan.html'],

  detect(view) {
    const thefts = view.containers.flatMap(({ name, attachments }) =>
      view.networks
        .filter((network) => attachments.some((one) => one.network === network.name))
        .flatMap(({ name: network, parent }) =>
          parent === undefined ? [] : theftsOf(view, { name, network, parent }),
        ),
    );
    const lost = failing(view.flows).flatMap((flow) => {
      const theft = thefts.find((one) => suffers(view, flow, one));
      return theft ? [{ ...flow, theft }] : [];
    });
    const flow = lost.find(({ container }) => container) ?? lost[0];
    if (!flow) return undefined;
    const guilty = [...new Set(lost.map(({ theft }) => theft))];
    return found({
      about: flow,
      detail: { flow, guilty },
      explains: idsOf(lost),
      because: guilty.map(
        ({ thief, device, address, owner, parent }) =>
          `${thief}: ${device}, on the parent ${parent}, holds ${address}, and ${bare(address)} is ${owner.name}'s (ip address).`,
      ),
    });
  },
  explain: ({ flow: { theft, ...flow } }) =>
    `${complaint(flow)}: container ${theft.thief} holds ${bare(theft.address)}, the address of the ${theft.owner.kind} ${theft.owner.name}, and takes what comes in for it on ${theft.parent}.`,
  remedy: ({ guilty }) => [
    {
      title: 'Take the address from the container',
      use: 'run',
      commands: guilty.map(({ thief, device, address }) =>
        on(thief, sh`ip addr del ${address} dev ${device}`, sh`ip addr add ${address} dev ${device}`),
      ),
    },
    advice('For good: keep the address out of the hands of Docker when the network is made anew', 'docker', [
      sh`# docker network create … ${guilty.map(({ owner, address }) => sh`--aux-address ${`${owner.name}=${bare(address)}`}`)} …`,
    ]),
  ],
});

function theftsOf(
  view: View<Needs>,
  { name, network, parent }: { readonly name: string; readonly network: string; readonly parent: string },
): readonly Theft[] {
  const { nodes, networks, links } = view;
  const host = nodeOfKind(nodes, 'host');
  const hosts = hostAddressesOn(
    view.network,
    networks.find((one) => one.name === network),
  );
  const gateway = nodeOfKind(nodes, 'gateway');
  return (links[name] ?? [])
    .filter(({ kind }) => kind === 'ipvlan' || kind === 'macvlan')
    .flatMap(({ name: device, addresses, mac }) =>
      addresses.flatMap((address): Theft[] => {
        const owner = hosts.some((own) => sameAddress(own, bare(address)))
          ? host
          : holds(gateway, bare(address))
            ? gateway
            : undefined;
        return owner ? [{ thief: name, device, address, owner, parent, mac }] : [];
      }),
    );
}

/**
 * Whether a flow needs what was stolen. The host's address: the host's own traffic, and in L3 whatever it sends for its
 * containers, for it asks for next hops by ARP. The gateway's: who sent by it, and took the container for it.
 */
function suffers(view: View<Needs>, flow: Flow, { owner, address, parent, thief, mac }: Theft): boolean {
  const onParent = crossesParent(flow) && flow.network?.parent === parent;
  if (owner.kind === 'host') {
    const hosts = [flow.from.node, flow.to.node].some((node) => node?.kind === 'host');
    return onParent ? isLayer3(flow.network) : hosts && flow.peer !== 'sibling' && flow.container === undefined;
  }
  const asker = isLayer3(flow.network) ? hostName(view.nodes) : flow.outbound ? flow.container?.name : flow.from.label;
  const taken = view.neighbours[asker ?? '']?.some((one) => sameAddress(one.address, bare(address)) && one.mac === mac);
  const needsIt = !isOnLink(flow) || sameAddress(farAddress(flow), bare(address));
  return onParent && needsIt && asker !== thief && taken === true;
}
