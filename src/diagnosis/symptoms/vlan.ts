import type { Capture, Link, NetworkFact, Packet } from '../../evidence/facts.js';
import { contains, sameAddress, subnetOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { receivesNothing, withTag } from '../../network/observations/vlan.js';
import type { Observed } from '../cause.js';
import type { Observation } from '../observation.js';

/** Which VLAN a network is on, and which it should be. */
export interface Tagging {
  /** The tag its parent puts on frames; absent for an untagged parent. */
  readonly tag: number | undefined;
  /** The link below a VLAN parent, else the parent. */
  readonly lower: string;
  /** Frames with the tag left through it, and none ever came in. */
  readonly unanswered: boolean;
  /** Another machine has the subnet on this VLAN, by this link. */
  readonly elsewhere: { readonly tag: number | undefined; readonly node: string; readonly device: string } | undefined;
  /** A tag on frames that came in for a container of an untagged parent. */
  readonly arriving: number | undefined;
}

/** A network, and which VLAN it is on. */
export interface TaggedNetwork {
  readonly network: NetworkFact;
  readonly tagging: Tagging;
}

/** @returns `undefined` when the network's parent was not seen */
export function taggingOf(
  { network: { names, links }, observed }: Pick<Observed, 'network' | 'observed'>,
  { network, address }: { readonly network: NetworkFact | undefined; readonly address: string },
): Tagging | undefined {
  const parent = links.link(names.hostName, network?.parent);
  if (!parent) return undefined;
  const lower = parent.lower ?? (parent.vlan === undefined ? parent.name : (parent.name.split('.')[0] ?? ''));
  const capture = observed.capture(names.hostName, lower);
  const homes = names.onLan.flatMap(({ name }) =>
    (links.of(name) ?? [])
      .filter((link) => isOn(link, address))
      .map(({ vlan, name: device }) => ({ tag: vlan, node: name, device })),
  );
  return {
    tag: parent.vlan,
    lower,
    unanswered: parent.vlan !== undefined && receivesNothing(capture && withTag(capture, parent.vlan)),
    elsewhere: homes.some(({ tag }) => tag === parent.vlan) ? undefined : homes[0],
    arriving: parent.vlan === undefined ? arrivingTag(capture, address) : undefined,
  };
}

/** Whether the parent's VLAN is not the one its network's addresses are on, or no switch carries it. */
export function isMismatched(tagging: Tagging | undefined): tagging is Tagging {
  return (
    tagging !== undefined && (tagging.unanswered || tagging.elsewhere !== undefined || tagging.arriving !== undefined)
  );
}

/** Whether a machine that was seen is on the very VLAN, so that the switch between them drops the frames. */
export function isUsed({ names, links }: NetworkState, { tag }: Tagging): boolean {
  return names.onLan.some(({ name }) => links.of(name)?.some(({ vlan }) => vlan === tag));
}

/** What was seen of it, each with the place; `node` is the Docker host. */
export function taggingSeen(node: string, { network, tagging }: TaggedNetwork): readonly Observation[] {
  const { tag, lower, unanswered, elsewhere, arriving } = tagging;
  const at = { node, device: lower };
  return [
    ...(unanswered && tag !== undefined ? [{ kind: 'unanswered-vlan' as const, at, tag }] : []),
    ...(elsewhere
      ? [
          {
            kind: 'subnet-on-vlan' as const,
            at: { node: elsewhere.node, device: elsewhere.device },
            network: network.name,
            tag: elsewhere.tag,
          },
          { kind: 'parent-vlan' as const, at: { node, device: network.parent }, network: network.name, tag },
        ]
      : []),
    ...(arriving === undefined ? [] : [{ kind: 'frames-tagged' as const, at, network: network.name, tag: arriving }]),
  ];
}

function isOn({ addresses }: Link, address: string): boolean {
  return addresses.some((own) => !/^fe80/i.test(own) && contains(subnetOf(own), address));
}

function arrivingTag(capture: Capture | undefined, address: string): number | undefined {
  return capture?.packets.find(
    (packet) => packet.vlan !== undefined && packet.direction === 'in' && isFor(packet, address),
  )?.vlan;
}

function isFor({ content }: Packet, address: string): boolean {
  if (content.kind === 'arp' || content.kind === 'nd')
    return content.operation === 'request' && sameAddress(content.target, address);
  return 'destination' in content && sameAddress(content.destination, address);
}
