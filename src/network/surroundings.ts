import type { Facts, Firewall, Link, NodeFact, Route } from '../evidence/facts.js';
import { assumedFacts } from './assumed-facts.js';
import { onNode } from './edit/on-node.js';
import { NetworkState } from './network-state.js';
import { plainLink } from './plain-node.js';
import type { WireFilter } from './wire.js';

interface Parts {
  readonly facts: Partial<Facts>;
  readonly assumed: ReadonlySet<string>;
  readonly wire: readonly WireFilter[];
  readonly changed: ReadonlySet<string> | undefined;
}

/**
 * The network with what could not be looked at assumed: the router, the LAN's machines and the internet, as they would be if they
 * were in order. What was seen stays as it was seen. Every change makes another one, so that a hypothesis is a change to it.
 */
export class AssumedSurroundings {
  /** Names of the nodes that were not looked at, whose links, routes and rules are assumed. */
  readonly assumed: ReadonlySet<string>;
  readonly #facts: Partial<Facts>;
  readonly #wire: readonly WireFilter[];
  /** The nodes that were changed; `undefined` where there is a machine more, which may take any packet. */
  readonly #changed: ReadonlySet<string> | undefined;
  #state: NetworkState | undefined;

  private constructor({ facts, assumed, wire, changed }: Parts) {
    this.#facts = facts;
    this.assumed = assumed;
    this.#wire = wire;
    this.#changed = changed;
  }

  /**
   * Healthy surroundings of what is known.
   *
   * @param targets addresses that were asked for: those on no LAN of the host are taken to be on the internet
   */
  static healthy(facts: Partial<Facts>, targets: readonly string[]): AssumedSurroundings {
    const { facts: whole, assumed } = assumedFacts(facts, targets);
    return new AssumedSurroundings({ facts: whole, assumed, wire: [], changed: new Set() });
  }

  /** The configuration that a walk reads. */
  get state(): NetworkState {
    return (this.#state ??= new NetworkState(this.#facts, this.#wire));
  }

  get gateway(): string {
    return this.state.names.gateway?.name ?? '';
  }

  /** Whether a node's configuration is assumed, so that a hypothesis may change it. */
  isAssumed(node: string | undefined): boolean {
    return this.assumed.has(node ?? '');
  }

  /** Whether a packet that passes these nodes may go another way because of what was changed. */
  concerns(passed: ReadonlySet<string>): boolean {
    const { names } = this.state;
    const isOutside = (node: string) => node !== names.hostName && names.container(node) === undefined;
    if (this.#changed === undefined || (this.#wire.length > 0 && [...passed].some(isOutside))) return true;
    return [...this.#changed].some((node) => passed.has(node));
  }

  withRoutes(node: string, to: (routes: readonly Route[]) => readonly Route[]): AssumedSurroundings {
    return this.#with(node, onNode(this.#facts, ['routes', node], to));
  }

  withLinks(node: string, to: (link: Link) => Link): AssumedSurroundings {
    return this.#with(
      node,
      onNode(this.#facts, ['links', node], (links) => links.map(to)),
    );
  }

  withFirewall(node: string, to: (firewall: Firewall) => Firewall): AssumedSurroundings {
    return this.#with(node, onNode(this.#facts, ['firewall', node], to));
  }

  withSysctls(node: string, set: Readonly<Record<string, string>>): AssumedSurroundings {
    return this.#with(
      node,
      onNode(this.#facts, ['sysctls', node], (sysctls) => ({ ...sysctls, ...set })),
    );
  }

  /** One more machine on the LAN, which has an address and passes nothing on. */
  withStranger(address: string): AssumedSurroundings {
    const { nodes = [], links = {}, sysctls = {} } = this.#facts;
    const node: NodeFact = { name: 'another machine', kind: 'peer', addresses: [address] };
    const own = { ...plainLink(1, 'lan'), addresses: [`${address}/32`] };
    const still = { 'net.ipv4.ip_forward': '0', 'net.ipv6.conf.all.forwarding': '0' };
    return this.#with(undefined, {
      ...this.#facts,
      nodes: [...nodes, node],
      links: { ...links, [node.name]: [own] },
      sysctls: { ...sysctls, [node.name]: still },
    });
  }

  withWireFilter(filter: WireFilter): AssumedSurroundings {
    return new AssumedSurroundings({ ...this.#parts, wire: [...this.#wire, filter] });
  }

  #with(node: string | undefined, facts: Partial<Facts>): AssumedSurroundings {
    const changed = this.#changed && node !== undefined ? new Set([...this.#changed, node]) : undefined;
    return new AssumedSurroundings({ ...this.#parts, facts, changed });
  }

  get #parts(): Parts {
    return { facts: this.#facts, assumed: this.assumed, wire: this.#wire, changed: this.#changed };
  }
}
