import type { Capture, Packet } from '../../evidence/facts.js';
import { bare, sameAddress } from '../../ip.js';
import { advice, defineCause, found, on, type Command, type View } from '../cause.js';
import type { Flow } from '../flow.js';
import { complaint, crossesParent, deviceOf, failing, idsOf, isLayer3, named, telling } from '../reading.js';
import { sighting } from '../wire.js';

type Needs = 'nodes' | 'networks' | 'containers' | 'links' | 'captures';

/** Somebody on the LAN who answers for a container's address. */
interface Rival {
  readonly mac: string;
  /** Where it was heard to answer for the address; absent where only its links show that it has it. */
  readonly heardAt: string | undefined;
  /** Who it is, as far as its links were seen. */
  readonly owner: { readonly node: string; readonly device: string; readonly address: string } | undefined;
}

/** A failing flow of a container whose address somebody else answers for. */
interface Contested extends Flow {
  readonly containerAddress: string;
  readonly mac: string;
  readonly rival: Rival;
}

export const duplicateIpOnLan = defineCause({
  id: 'duplicate-ip-on-lan',
  title: "A machine on the LAN has the container's address too",
  layer: 'address',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'captures'],
  background: `
    In L2 mode and on macvlan a container lives on the LAN with an address Docker chose, and Docker asks nobody there. When a
    DHCP server gives the same address to another machine, two hardware addresses answer every ARP request, and whoever
    asks talks to the one that was quicker: a ping is answered by the wrong machine, a port is refused by it, and it changes
    from caller to caller. Ask from the LAN or from the host's parent, never from inside the container.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://datatracker.ietf.org/doc/html/rfc5227'],

  detect(view) {
    const lost = failing(view.flows).flatMap((flow) => contested(view, flow) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const addresses = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: {
        flow,
        addresses,
        device: (one: Contested) => deviceOf(view, one.container?.name ?? '', one.containerAddress),
      },
      explains: idsOf(lost),
      because: addresses.map(observation),
    });
  },
  explain: ({ flow: { rival, ...flow } }) =>
    `${complaint(flow)}: ${rival.owner?.node ?? `the machine with hardware address ${rival.mac}`} has the address ${flow.containerAddress} too, and what is meant for ${named(flow)} reaches it.`,
  remedy: ({ addresses, device }) => [
    {
      title: 'Take the address from the other machine, and let the container announce itself',
      use: addresses.every(({ rival }) => rival.owner !== undefined) ? 'run' : 'advice',
      commands: addresses.flatMap((one) => [...release(one), announce(one, device(one))]),
    },
    advice(
      "For good: keep Docker's addresses out of the DHCP server's range, when the network is made anew",
      'docker',
      ['# docker network create … --ip-range A_PART_OF_THE_SUBNET_THAT_DHCP_LEAVES_ALONE …'],
    ),
  ],
});

function contested(view: View<Needs>, flow: Flow): Contested | undefined {
  const { container, containerAddress, network } = flow;
  if (!container || containerAddress === undefined || !crossesParent(flow) || isLayer3(network)) return undefined;
  const mac = view.links[container.name]?.find(
    ({ name }) => name === deviceOf(view, container.name, containerAddress),
  )?.mac;
  if (mac === undefined) return undefined;
  const rival = rivalOf(view, containerAddress, mac);
  return rival && wentTo(view, flow, rival.mac) ? { ...flow, containerAddress, mac, rival } : undefined;
}

function observation({ containerAddress, mac, rival: { heardAt, owner, ...rival }, container }: Contested): string {
  const who = owner ? `${rival.mac} (${owner.device} of ${owner.node})` : rival.mac;
  return heardAt === undefined
    ? `${owner?.node}: ${owner?.device} has ${owner?.address} (ip address) and the hardware address ${rival.mac}, to which packets for ${container?.name} went; ${container?.name} has ${mac}.`
    : `${heardAt}: ${who} answers for ${containerAddress} by ARP; ${container?.name} has ${mac}.`;
}

/** Whoever says by ARP, or by a neighbour advertisement, that an address is its own, or was seen to have it, and is not the container. */
function rivalOf(view: View<Needs>, address: string, mac: string): Rival | undefined {
  const owners = ownersOf(view, address).filter((one) => one.mac !== undefined && one.mac !== mac);
  for (const capture of view.captures) {
    const other = capture.packets.flatMap((packet) => claimant(packet, address) ?? []).find((one) => one !== mac);
    if (other !== undefined)
      return { mac: other, heardAt: placeOf(capture), owner: owners.find((one) => one.mac === other) };
  }
  const [owner] = owners;
  return owner?.mac === undefined ? undefined : { mac: owner.mac, heardAt: undefined, owner };
}

/** Everybody but containers whose links have an address. */
function ownersOf({ links, nodes }: View<Needs>, address: string) {
  return nodes
    .filter(({ kind }) => kind !== 'container')
    .flatMap(({ name }) => (links[name] ?? []).map((link) => ({ node: name, link })))
    .flatMap(({ node, link }) =>
      link.addresses.map((own) => ({ node, device: link.name, address: own, mac: link.mac })),
    )
    .filter((one) => sameAddress(bare(one.address), address));
}

function claimant({ content, sourceMac }: Packet, address: string): string | undefined {
  if (content.kind === 'arp') return sameAddress(content.sender, address) ? content.senderMac : undefined;
  return content.kind === 'nd' && content.operation === 'reply' && sameAddress(content.target, address)
    ? sourceMac
    : undefined;
}

function placeOf({ node, device }: Capture): string {
  return `${device} of ${node}`;
}

/** Whether packets of the flow that were meant for the container went to another hardware address. */
function wentTo({ captures }: View<Needs>, flow: Flow, mac: string): boolean {
  return captures.some((capture) => {
    const { requests, replies } = sighting(flow, capture);
    return (flow.outbound ? replies : requests).some(({ targetMac }) => targetMac === mac);
  });
}

function release({ rival: { owner } }: Contested): readonly Command[] {
  if (!owner) return [on('lan', '# the machine with that hardware address: give it another address')];
  const { node, device, address } = owner;
  return [on(node, `ip addr del ${address} dev ${device}`, `ip addr add ${address} dev ${device}`)];
}

/** Whoever remembers the other machine learns better at once. */
function announce({ container, containerAddress }: Contested, device: string): Command {
  return on(container?.name ?? '', `arping -q -U -c 2 -I ${device} ${containerAddress}`);
}
