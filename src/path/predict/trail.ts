import type { NextHop } from '../../network/fib.js';
import type { Hop } from '../hop.js';
import { linkPrediction, nextHopPrediction, routeText } from './hops.js';
import { blocks, PASSES, unknown, type Leg, type Packet, type Trodden } from './leg.js';
import type { Reason } from '../reason.js';
import { contains } from '../../ip.js';
import type { TrackedState } from '../../network/rule-match.js';
import { isLayer3, type World } from '../../network/world.js';

/** Source addresses that were changed on the way out, and by whom: answers are changed back there. */
export type Translations = ReadonlyMap<string, { readonly node: string; readonly original: string }>;

/** What a walk begins with. */
export interface Start {
  readonly packet: Packet;
  /** NAT decides about what begins a connection: answers are only changed back. */
  readonly direction: 'there' | 'back';
  readonly translations: Translations;
  /** Nodes that sent the question or passed it on; absent while it is the question itself that is walked. */
  readonly forwarders?: ReadonlySet<string>;
}

/** One walk under way: the packet as it is now, and the hops behind it. */
export class Trail {
  readonly world: World;
  readonly translations: Translations;
  readonly begins: boolean;
  readonly #forwarders: ReadonlySet<string>;
  /** Nodes that passed it on so far. */
  passed = 0;
  packet: Packet;
  readonly #hops: Trodden[] = [];

  constructor(world: World, { packet, direction, translations, forwarders = new Set() }: Start) {
    this.world = world;
    this.packet = packet;
    this.begins = direction === 'there';
    this.translations = translations;
    this.#forwarders = forwarders;
  }

  /** What a node that sees both directions makes of the packet. */
  get tracked(): TrackedState {
    return this.begins ? 'new' : 'established';
  }

  /** What a node on the way makes of it: an answer to a question that took another way belongs to nothing it knows. */
  trackedAt(node: string): TrackedState {
    if (this.begins || this.#forwarders.has(node)) return this.tracked;
    return this.packet.protocol === 'udp' ? 'new' : 'invalid';
  }

  ended(at: string | undefined): Leg {
    return { hops: this.#hops, at, packet: this.packet };
  }

  tread(...hops: readonly Trodden[]): void {
    this.#hops.push(...hops);
  }

  /** A node's own lookup as a hop. A next hop nobody answers for makes the route a wrong one, and so does `wrong`. */
  route(
    { hop, node, device }: { hop: Hop; node: string; device?: string },
    found: NextHop | { readonly kind: 'assumed-on-link'; readonly device: string } | undefined,
    wrong?: Reason,
  ): string | undefined {
    const { destination } = this.packet;
    if (found === undefined) {
      this.tread({ hop, node, text: 'not seen', predicted: unknown({ kind: 'routes', node }) });
      return undefined;
    }
    const text = routeText(found);
    if (found.kind === 'none' || found.kind === 'blocked') {
      const why: Reason =
        found.kind === 'none'
          ? { kind: 'no-route', destination }
          : { kind: 'route-forbids', destination, type: found.type };
      const down = device === undefined ? PASSES : linkPrediction(this.world, node, device);
      // Routes go with a link that is set down: then the link is at fault. No way back to a container goes by an uplink.
      const predicted =
        down.verdict === 'blocks' && hop !== 'gateway-route-back'
          ? unknown({ kind: 'routes-of-link', device: device ?? '' })
          : blocks(why);
      this.tread({ hop, node, text, predicted });
      return undefined;
    }
    if (found.kind === 'local') {
      this.tread({ hop, node, text, predicted: PASSES });
      return undefined;
    }
    if (found.kind === 'assumed-on-link') {
      const down = linkPrediction(this.world, node, found.device);
      const gone = unknown({ kind: 'routes-of-link', device: found.device });
      const none = blocks({ kind: 'no-route-via-parent', device: found.device, destination });
      // Who really is on the LAN answers all the same.
      const near = this.world.isNear(node, { device: found.device, address: destination });
      const predicted = down.verdict === 'blocks' ? gone : near ? PASSES : none;
      this.tread({ hop, node, text, predicted, asks: destination });
      return destination;
    }
    if (wrong !== undefined) {
      this.tread({ hop, node, text, predicted: blocks(wrong) });
      return undefined;
    }
    const next = found.kind === 'via' ? found.gateway : destination;
    if (this.#takesForNeighbour(found)) {
      this.tread({ hop, node, text, predicted: PASSES, asks: next });
      const unanswered = blocks({ kind: 'arp-for-l3-container', node, address: next });
      this.tread({ hop: 'lan', node, text: `who has ${next}`, predicted: unanswered, asks: next });
      return next;
    }
    const astray = hop === 'gateway-route-back' && this.world.holder(next, node)?.node.kind === 'internet';
    const predicted = astray
      ? blocks({ kind: 'only-default-route', destination })
      : nextHopPrediction(this.world, { node, next, device: found.device, asTarget: found.kind === 'on-link' });
    this.tread({ hop, node, text, predicted, asks: next });
    return astray ? undefined : next;
  }

  /** An L3 container's address lies in the subnet of the segment itself, where everybody's own route is on-link and right. */
  #takesForNeighbour(found: Exclude<NextHop, { kind: 'none' | 'blocked' | 'local' }>): boolean {
    const container = this.world.containerAt(this.packet.destination);
    if (found.kind !== 'on-link' || !container) return false;
    const network = this.world.networkOf(container, this.packet.destination);
    const hosts = this.world.host?.addresses ?? [];
    return isLayer3(network) && hosts.some((address) => contains(found.route.destination, address));
  }

  /** Routes go with a link that is set down: then it is the link where the way ends. */
  withoutRoute(hop: Hop, node: string, device: string): Leg {
    const predicted = linkPrediction(this.world, node, device);
    if (predicted.verdict === 'blocks') this.tread({ hop, node, text: device, predicted, vantage: { node, device } });
    return this.ended(undefined);
  }
}
