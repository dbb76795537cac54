import { contains, familyOf, isAddress } from '../../ip.js';
import { transportOf } from '../../scenario/plan.js';
import { isToMany } from '../../scenario/to-many.js';
import type { Flow } from '../flow.js';
import { serversAskedBy } from '../../network/names.js';
import { isLayer3 } from '../../network/networks.js';

/**
 * `request`: to the port of the service. `reply`: from that port, of a connection the filter's node tracks.
 * `untracked-reply`: from that port, where the node never saw the request, so that its state tells nothing.
 */
export type Part = 'request' | 'reply' | 'untracked-reply';

/** The links through which a filter sees packets enter or leave; named only where the rule must not match more. */
interface Links {
  readonly inDevice?: string | undefined;
  readonly outDevice?: string | undefined;
}

/** One direction of a flow that a filter has to accept. */
export interface Passage extends Links {
  readonly flow: Flow;
  readonly part: Part;
}

/** Packets that a filter has to accept: every source may send to every destination. All addresses are of one family. */
export interface Traffic extends Links {
  readonly family: 4 | 6;
  /** Addresses and subnets. Empty where they are not known. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly protocol: string;
  /** Port of the service; absent for ICMP. */
  readonly port: number | undefined;
  readonly part: Part;
}

/** The service a flow is about: its protocol and port, as a filter sees them. */
export function serviceOf({ probe: { over } }: Pick<Flow, 'probe'>): {
  readonly protocol: string;
  readonly port: number | undefined;
} {
  const protocol = isToMany(over) ? 'udp' : over.protocol === 'arp' ? 'icmp' : transportOf(over);
  if ('port' in over) return { protocol, port: over.port };
  return { protocol, port: over.protocol === 'http' ? 80 : over.protocol === 'dns' ? 53 : undefined };
}

/** A flow's packet as a filter sees it, in the forward or the return direction. */
export function packetOf(flow: Flow, part: Part) {
  const { protocol, port } = serviceOf(flow);
  const [from, to] = [flow.from.address, flow.to.address];
  return part === 'request'
    ? {
        source: from,
        destination: to,
        protocol,
        port,
        ...(protocol === 'icmp' ? { icmp: 'echo-request' as const } : {}),
      }
    : {
        source: to,
        destination: from,
        protocol,
        sourcePort: port,
        ...(protocol === 'icmp' ? { icmp: 'echo-reply' as const } : {}),
      };
}

/**
 * What a filter has to accept so that the checks among some flows arrive, and nothing else; all flows where none is a check.
 * Several machines of one subnet that need the same stand for their subnet: those of the LAN, and containers that have a
 * subnet of their own.
 */
export function trafficOf(passages: readonly Passage[]): readonly Traffic[] {
  const ip = passages.filter(({ flow }) => flow.probe.over.protocol !== 'arp');
  const checks = ip.filter(({ flow }) => flow.probe.purpose === 'check');
  const pieces = (checks.length > 0 ? checks : ip).flatMap(piecesOf);
  const byFar = joined(pieces, 'far', ({ flow: { farSubnet } }) => (farSubnet === undefined ? [] : [farSubnet]));
  return joined(byFar, 'own', ownSubnets).map(traffic);
}

/** One direction between a container, or the sender where there is none, and the other end. */
interface Piece extends Passage {
  readonly own: readonly string[];
  /** Empty where it is not known. */
  readonly far: readonly string[];
  /** Whether the own side sends it. */
  readonly leaves: boolean;
  readonly what: ReturnType<typeof serviceOf>;
}

function piecesOf(passage: Passage): readonly Piece[] {
  const { flow, part } = passage;
  const asks = flow.outbound || !flow.container;
  const [own, far] = asks ? [flow.from.address, flow.to.address] : [flow.to.address, farOf(flow)];
  const { over, to, outcome } = flow.probe;
  const piece = { ...passage, own: [own], far: [far], leaves: asks === (part === 'request'), what: serviceOf(flow) };
  const lookup = {
    ...piece,
    far: serversAskedBy(flow.container),
    what: serviceOf({ probe: { ...flow.probe, over: { protocol: 'dns' } } }),
  };
  if (own === '') return [];
  // A name is looked up at the sender's resolver, wherever the address it stands for may be.
  if (over.protocol === 'dns' && to.name !== undefined) return [lookup];
  if (outcome.kind !== 'attempts' || !lacksName(flow)) return [piece];
  return outcome.failure === 'not-resolved' ? [lookup] : [piece, lookup];
}

/** A machine that is only assumed stands for its LAN. */
function farOf({ probe, from, farSubnet }: Flow): string {
  return (probe.outcome.kind === 'not-asked' ? farSubnet : undefined) ?? from.address;
}

/** Whether the name a flow's target was given by did not resolve: the addresses it resolves to are among the answers. */
function lacksName({ probe: { to, outcome } }: Flow): boolean {
  return to.name !== undefined && outcome.kind === 'attempts' && !outcome.answers.some(isAddress);
}

function ownSubnets({ flow: { network } }: Piece): readonly string[] {
  if (!isLayer3(network) && network?.driver !== 'bridge') return [];
  return (network?.subnets ?? []).map(({ subnet }) => subnet);
}

/** Pieces that differ in one side only as one. */
function joined(
  pieces: readonly Piece[],
  side: 'own' | 'far',
  subnets: (piece: Piece) => readonly string[],
): readonly Piece[] {
  const other = side === 'own' ? 'far' : 'own';
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const { what, part, leaves, inDevice, outDevice } = piece;
    const key = JSON.stringify([what, part, leaves, inDevice, outDevice, family(piece), piece[other]]);
    groups.set(key, [...(groups.get(key) ?? []), piece]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const all = [first, ...rest];
    const addresses = all.flatMap((piece) => piece[side]);
    return [{ ...first, [side]: widened([...new Set(addresses)], [...new Set(all.flatMap(subnets))]) }];
  });
}

/** Two addresses and more of a subnet stand for it. */
function widened(addresses: readonly string[], subnets: readonly string[]): readonly string[] {
  const shared = subnets.filter((subnet) => addresses.filter((one) => contains(subnet, one)).length > 1);
  return [...shared, ...addresses.filter((one) => !shared.some((subnet) => contains(subnet, one)))];
}

function traffic(piece: Piece): Traffic {
  const { own, far, leaves, what, part, inDevice, outDevice } = piece;
  const [sources, destinations] = leaves ? [own, far] : [far, own];
  return { family: family(piece), sources, destinations, ...what, part, inDevice, outDevice };
}

function family({ own }: Piece): 4 | 6 {
  return familyOf(own[0] ?? '') ?? 4;
}
