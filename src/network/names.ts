import type {
  ContainerFact,
  EngineFact,
  Facts,
  NetworkFact,
  NodeFact,
  PlatformFact,
  Refusal,
} from '../evidence/facts.js';
import { sameAddress } from '../ip.js';

/** Who there is: nodes, containers, Docker's networks, the engine and the machine it runs on. */
export class Names {
  readonly nodes: readonly NodeFact[];
  readonly networks: readonly NetworkFact[];
  readonly containers: readonly ContainerFact[];
  /** What the engine rejected when networks and containers were created or started. */
  readonly refusals: readonly Refusal[];
  /** Absent where no engine was asked. */
  readonly engine: EngineFact | undefined;
  /** The host's links that networks other than bridges are attached to, each once. */
  readonly parents: readonly string[];
  readonly #platform: Facts['platform'] | undefined;

  constructor(facts: Partial<Facts>) {
    this.nodes = facts.nodes ?? [];
    this.networks = facts.networks ?? [];
    this.containers = facts.containers ?? [];
    this.refusals = facts.refusals ?? [];
    this.engine = facts.engine;
    const parents = this.networks.flatMap(({ driver, parent }) => (driver === 'bridge' ? [] : (parent ?? [])));
    this.parents = [...new Set(parents)];
    this.#platform = facts.platform;
  }

  node(name: string | undefined): NodeFact | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  /** The Docker host; `undefined` in evidence without nodes. */
  get host(): NodeFact | undefined {
    return this.#ofKind('host');
  }

  /** The Docker host's name, under which its facts are kept. */
  get hostName(): string {
    return this.host?.name ?? 'host';
  }

  get gateway(): NodeFact | undefined {
    return this.#ofKind('gateway');
  }

  get switch(): NodeFact | undefined {
    return this.#ofKind('switch');
  }

  /** The switch's ports that lead to a node, as interfaces of the switch: several to a bond; none where no switch was seen. */
  switchPorts(node: string): readonly { readonly node: string; readonly device: string }[] {
    const own = this.switch;
    const ports = own?.ports?.filter((port) => port.node === node) ?? [];
    return own ? ports.map(({ device }) => ({ node: own.name, device })) : [];
  }

  container(name: string | undefined): ContainerFact | undefined {
    return this.containers.find((container) => container.name === name);
  }

  /** The networks a container is attached to, in order of attachment. */
  networksOf(container: string | undefined): readonly NetworkFact[] {
    return (this.container(container)?.attachments ?? []).flatMap((one) => this.network(one.network) ?? []);
  }

  /** Whether an address is one that the Docker host is known by. */
  isHost(address: string): boolean {
    return this.host?.addresses.some((own) => sameAddress(own, address)) ?? false;
  }

  /** Whether an address is one that the gateway is known by. */
  isGateway(address: string): boolean {
    return this.gateway?.addresses.some((own) => sameAddress(own, address)) ?? false;
  }

  network(name: string | undefined): NetworkFact | undefined {
    return this.networks.find((network) => network.name === name);
  }

  /** Containers with a network on a parent. */
  containersOn(parent: string): readonly ContainerFact[] {
    const names = new Set(this.networks.filter((network) => network.parent === parent).map(({ name }) => name));
    return this.containers.filter(({ attachments }) => attachments.some(({ network }) => names.has(network)));
  }

  /** What the Docker host runs on; `undefined` where its firmware does not say. */
  get platform(): PlatformFact | undefined {
    return this.#platform?.[this.hostName];
  }

  /** The nodes known by an address, whether or not their links were seen. */
  knownBy(address: string): readonly NodeFact[] {
    return this.nodes.filter((node) => isKnownBy(node, address));
  }

  /** Gateways and peers: the machines on the LAN beside the host. */
  get onLan(): readonly NodeFact[] {
    return this.nodes.filter(({ kind }) => kind === 'gateway' || kind === 'peer');
  }

  /**
   * Whether a link of the host, or the one a VLAN link lies on, is Wi-Fi: the kernel has a radio for it, or it is named as udev
   * names such links and no others.
   */
  isWireless(device: string): boolean {
    const [base = ''] = device.split('.');
    return (this.platform?.wireless.includes(base) ?? false) || /^wl/.test(base);
  }

  #ofKind(kind: NodeFact['kind']): NodeFact | undefined {
    return this.nodes.find((node) => node.kind === kind);
  }
}

/** Whether a node is known by an address. */
export function isKnownBy(node: NodeFact | undefined, address: string): boolean {
  return node?.addresses.some((own) => sameAddress(own, address)) ?? false;
}

/** The DNS servers that are asked from a container's own namespace, as far as they are known. */
export function serversAskedBy(container: ContainerFact | undefined): readonly string[] {
  const { dns = [], resolvers } = container ?? {};
  return resolvers?.filter(({ askedFrom }) => askedFrom === 'container').map(({ address }) => address) ?? dns;
}
