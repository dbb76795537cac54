import type { ContainerFact, NetworkFact, NodeFact, Refusal } from '../evidence/facts.js';
import { bare } from '../ip.js';
import type { Cleanup } from './cleanup.js';
import type { LiveNode } from './node.js';

/** What a topology consists of. */
interface Created {
  /** Every node that runs. */
  readonly nodes: readonly LiveNode[];
  readonly networks: readonly NetworkFact[];
  /** All of the plan's containers, those that do not run included. */
  readonly containers: readonly ContainerFact[];
  /** What the engine rejected of it. */
  readonly refusals: readonly Refusal[];
}

/** The site, networks and containers of a scenario, without what the engine rejected. Disposing of it removes them all. */
export class Topology implements AsyncDisposable {
  readonly #created: Created;
  readonly #cleanup: Cleanup;

  constructor(created: Created, cleanup: Cleanup) {
    this.#created = created;
    this.#cleanup = cleanup;
  }

  /** Every node that runs. */
  get nodes(): readonly LiveNode[] {
    return this.#created.nodes;
  }

  /** Containers that do not run, by name, and why not, in the engine's own words. */
  get absent(): ReadonlyMap<string, string> {
    const idle = this.#created.containers.filter(({ name }) => !this.nodes.some((node) => node.name === name));
    return new Map(idle.map(({ name, attachments }) => [name, this.#whyNot(name, attachments)]));
  }

  #whyNot(name: string, attachments: ContainerFact['attachments']): string {
    const { refusals } = this.#created;
    const own = refusals.find(({ container }) => container?.name === name);
    const network = refusals.find(
      ({ step, networks }) =>
        step === 'create-network' && attachments.some((one) => networks.some((asked) => asked.name === one.network)),
    );
    return (own ?? network)?.message ?? 'it was not started';
  }

  /** What is known of it without a look: nodes, those that do not run included, with what each was meant to be. */
  get facts(): {
    readonly nodes: readonly NodeFact[];
    readonly networks: readonly NetworkFact[];
    readonly containers: readonly ContainerFact[];
    readonly refusals: readonly Refusal[];
  } {
    const { networks, containers, refusals } = this.#created;
    const idle = containers.filter(({ name }) => this.absent.has(name));
    return {
      nodes: [
        ...idle.map(({ name, attachments }) => ({
          name,
          kind: 'container' as const,
          addresses: attachments.flatMap(({ addresses }) => addresses.map(bare)),
        })),
        ...this.nodes.map(nodeFact),
      ],
      networks,
      containers,
      refusals,
    };
  }

  /** Leaves everything in place: disposing then removes nothing. The journal still holds every undo. */
  leave(): void {
    this.#cleanup.move();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup[Symbol.asyncDispose]();
  }
}

function nodeFact({ name, kind, addresses, ports }: LiveNode): NodeFact {
  return { name, kind, addresses, ...(ports === undefined ? {} : { ports }) };
}
