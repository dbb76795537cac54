import { isLayer3 } from '../../../network/networks.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, type Command } from '../../cause.js';
import { complaint, failing, idsOf, named, ownDevice, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { addressConflict, type Conflicting, type OtherHolder } from '../../symptoms/address-conflict.js';
import { repliesTaken } from '../../symptoms/replies-taken.js';
import { isDockerMac } from '../../../network/observations/replying-macs.js';
import { cutOnWire, learnedAddresses, isInCloud } from '../../hypotheses/wire.js';
import { isOnlyHolder, neighbourEntry } from '../../symptoms/lan-looks.js';

export const duplicateIpOnLan = defineCause({
  id: 'duplicate-ip-on-lan',
  title: 'A machine on the LAN has the same address as the container',
  layer: 'address',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'containers', 'links', 'captures'],
  background: `
    In L2 mode and on macvlan a container is on the LAN with an address that Docker chose without asking the LAN. When a DHCP
    server gives the same address to another machine, two MAC addresses reply to every ARP request. Each sender uses the
    reply that came first: it may ping the wrong machine, or find its port closed, and the next sender does not. Send the
    ARP request from the LAN or from the host's parent, never from inside the container.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://datatracker.ietf.org/doc/html/rfc5227'],

  hypothesis: {
    scopes: (view) => (isInCloud(view) ? [] : learnedAddresses(view, (network) => !isLayer3(network))),
    assume: (around, scope) => cutOnWire(around, scope, { way: 'in' }),
    contradicted: (view, { address = '' }) => isOnlyHolder(view, address),
    unseen: () => 'who else on the LAN has the address',
    test: neighbourEntry,
  },

  detect(view) {
    const lost = failing(view.flows).flatMap((flow) => addressConflict(view, flow) ?? repliesTaken(view, flow) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const each = [...new Map(lost.map((one) => [one.containerAddress, one])).values()];
    return found({
      detail: { flow, each: each.map((one) => ({ ...one, device: ownDevice(view.network, one) })) },
      explains: idsOf(lost),
      because: each.flatMap(observations),
    });
  },
  explain: ({ flow: { other, ...flow } }) =>
    `${complaint(flow)}: ${otherText(other)} has ${flow.containerAddress} too, and receives packets for ${named(flow)}.`,
  remedy: ({ each }) => [
    {
      title: 'Remove the address from the other machine, and let the container announce itself',
      use: each.every(({ other }) => other.holder !== undefined) ? 'run' : 'advice',
      changes: each.flatMap((one) => [release(one), announce(one, one.device)]),
    },
    each.some(({ other }) => isOfOtherDocker(other))
      ? advice('Recreate the network with an --ip-range of its own on each Docker host', 'docker', [
          sh`# docker network create … --ip-range ${placeholder('A_PART_OF_THE_SUBNET_THAT_NO_OTHER_DOCKER_HOST_USES')} …`,
        ])
      : advice("Recreate the network with an --ip-range outside the DHCP server's range", 'docker', [
          sh`# docker network create … --ip-range ${placeholder('A_PART_OF_THE_SUBNET_THAT_DHCP_LEAVES_ALONE')} …`,
        ]),
  ],
});

/** Docker chooses a MAC address for a container of its own: a machine of this LAN with such a one runs on another Docker host. */
function isOfOtherDocker({ holder, mac }: OtherHolder): boolean {
  return holder === undefined && isDockerMac(mac);
}

function otherText(other: OtherHolder): string {
  if (other.holder) return other.holder.node;
  const what = isOfOtherDocker(other) ? 'a container of another Docker host' : 'the machine';
  return `${what} with the MAC address ${other.mac}`;
}

function observations(conflict: Conflicting): readonly Observation[] {
  const { containerAddress: address, container, mac: expected, other } = conflict;
  const { heardAt, holder, mac } = other;
  const name = container?.name ?? '';
  if (heardAt !== undefined)
    return [
      { kind: 'arp-conflict', at: heardAt, address, mac, holder: holder && place(holder), container: name, expected },
    ];
  return [
    ...(holder ? [{ kind: 'address-held', at: place(holder), address: holder.address } as const] : []),
    { kind: 'sent-to-other-mac', container: name, address, mac, expected },
  ];
}

function place({ node, device }: { readonly node: string; readonly device: string }) {
  return { node, device };
}

function release({ other: { holder } }: Conflicting): Change {
  if (!holder) return on('lan', sh`# the machine with that MAC address: give it another address`);
  const { node, device, address } = holder;
  return { kind: 'address', on: node, do: 'remove', device, address };
}

/** Machines that learned the other MAC address learn the container's at once. */
function announce({ container, containerAddress }: Conflicting, device: string): Command {
  return on(container?.name ?? '', sh`arping -q -U -c 2 -I ${device} ${containerAddress}`);
}
