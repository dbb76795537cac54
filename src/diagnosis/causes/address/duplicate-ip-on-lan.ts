import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Command } from '../../cause.js';
import { complaint, failing, idsOf, named, telling } from '../../flow-questions.js';
import { deviceOf } from '../../reading.js';
import { contested, type Contested } from '../../symptoms/rival.js';

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
      [sh`# docker network create … --ip-range ${placeholder('A_PART_OF_THE_SUBNET_THAT_DHCP_LEAVES_ALONE')} …`],
    ),
  ],
});

function observation({ containerAddress, mac, rival: { heardAt, owner, ...rival }, container }: Contested): string {
  const who = owner ? `${rival.mac} (${owner.device} of ${owner.node})` : rival.mac;
  return heardAt === undefined
    ? `${owner?.node}: ${owner?.device} has ${owner?.address} (ip address) and the hardware address ${rival.mac}, to which packets for ${container?.name} went; ${container?.name} has ${mac}.`
    : `${heardAt}: ${who} answers for ${containerAddress} by ARP; ${container?.name} has ${mac}.`;
}

function release({ rival: { owner } }: Contested): readonly Command[] {
  if (!owner) return [on('lan', sh`# the machine with that MAC address: give it another address`)];
  const { node, device, address } = owner;
  return [on(node, sh`ip addr del ${address} dev ${device}`, sh`ip addr add ${address} dev ${device}`)];
}

/** Whoever remembers the other machine learns better at once. */
function announce({ container, containerAddress }: Contested, device: string): Command {
  return on(container?.name ?? '', sh`arping -q -U -c 2 -I ${device} ${containerAddress}`);
}
