import type { Duplex } from 'node:stream';
import { DoctorError } from '../errors.js';
import type { EngineFact, NetworkFact } from '../evidence/facts.js';
import type { NetworkPlan } from '../scenario/plan.js';
import { imagePath, notFound, segment } from './by-name.js';
import { gone, short, type DockerClient } from './docker-client.js';
import {
  LABELS,
  type Engine,
  type EngineImage,
  type ExecOptions,
  type Executed,
  type Inspected,
  type NewContainer,
  type Owned,
} from './engine.js';
import { collectOutput, exitCode } from './exec-stream.js';
import { containerFact } from './inspect-container.js';
import { engineImage } from './inspect-image.js';
import { networkFact } from './inspect-network.js';
import { ownedObjects } from './owned.js';
import { follow } from './progress.js';
import { removedOnceFree } from './remove-once-free.js';
import { containerBody, endpointOf, networkBody, OWNER } from './request-bodies.js';

type Network = ReturnType<DockerClient['network']>;

/** Docker's API. */
export class DockerEngine implements Engine {
  readonly name: string;
  readonly facts: EngineFact;
  readonly rootless: boolean;
  readonly id: string | undefined;
  readonly #client: DockerClient;
  /** The engine's warnings when it created an object of ours, by id. It gives them once. */
  readonly #warnings = new Map<string, readonly string[]>();

  constructor(client: DockerClient, { facts, rootless, id }: Pick<Engine, 'facts' | 'rootless' | 'id'>) {
    this.name = client.endpoint.name;
    this.facts = facts;
    this.rootless = rootless;
    this.id = id;
    this.#client = client;
  }

  async createNetwork(network: NetworkPlan, run: string): Promise<string> {
    const body = networkBody(network, { run, product: this.facts.product });
    const what = `create the network ${network.name}`;
    const { Id, Warning } = await this.#client.ask(what, () => this.#client.create('networks', { body }));
    this.#warnings.set(Id, Warning ? [Warning] : []);
    return Id;
  }

  async removeNetwork(id: string): Promise<void> {
    const network = this.#client.network(id);
    await this.#client.ask(`remove the network ${short(id)}`, () =>
      removedOnceFree(
        () => gone(network.remove()),
        () => this.#isHeld(network),
      ),
    );
  }

  async #isHeld(network: Network): Promise<boolean> {
    const seen = (await gone(network.inspect())) as { readonly Containers?: object } | undefined;
    const ids = Object.keys(seen?.Containers ?? {});
    const there = await Promise.all(ids.map((id) => gone(this.#client.container(id).inspect())));
    return there.some((container) => container !== undefined);
  }

  async inspectNetwork(idOrName: string): Promise<NetworkFact> {
    const id = await this.#client.networkId(idOrName, this.#isPodman);
    const what = `show the network ${short(idOrName)}`;
    const answer: unknown = await this.#client.ask(what, () => gone(this.#client.network(id).inspect()));
    if (answer === undefined) throw notFound(idOrName, 'network');
    const podman = this.#isPodman
      ? await this.#client.ask(what, () => this.#client.libpod(`networks/${segment(id)}/json`))
      : undefined;
    return { ...networkFact(answer, podman), ...this.#warningsOf(id) };
  }

  async createContainer(container: NewContainer, run: string): Promise<string> {
    const { name, ...body } = containerBody(container, run);
    const what = `create the container ${name}`;
    const { Id, Warnings } = await this.#client.ask(what, () =>
      this.#client.create('containers', { query: { name }, body }),
    );
    this.#warnings.set(Id, Warnings ?? []);
    return Id;
  }

  async connect(network: string, container: string, addresses: readonly string[]): Promise<void> {
    const body = { Container: container, EndpointConfig: endpointOf(addresses) };
    const what = `connect the container ${short(container)} to the network ${short(network)}`;
    const id = await this.#client.networkId(network, this.#isPodman);
    await this.#client.ask(what, () => this.#client.network(id).connect(body));
  }

  async startContainer(id: string): Promise<void> {
    await this.#client.ask(`start the container ${short(id)}`, () => this.#client.container(id).start());
  }

  async inspectContainer(idOrName: string): Promise<Inspected> {
    const id = await this.#client.containerId(idOrName);
    const inspected = await this.#client.ask(`show the container ${short(idOrName)}`, () =>
      gone(this.#client.container(id).inspect()),
    );
    if (inspected === undefined) throw notFound(idOrName, 'container');
    const { Pid, Error: startError } = inspected.State;
    return { ...containerFact(inspected), ...this.#warningsOf(id), pid: Pid, startError: startError || undefined };
  }

  async listContainers(networkId: string): Promise<readonly string[]> {
    const filters = { network: [networkId] };
    const what = `list the containers of the network ${short(networkId)}`;
    const containers = await this.#client.ask(what, () => this.#client.docker.listContainers({ all: true, filters }));
    return containers.map(({ Id }) => Id);
  }

  async listNetworks(drivers: readonly string[]): Promise<readonly string[]> {
    const filters = { driver: [...drivers] };
    const networks = await this.#client.ask('list networks', () => this.#client.docker.listNetworks({ filters }));
    return networks.map(({ Id }) => Id);
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.#client.container(id);
    await this.#client.ask(`remove the container ${short(id)}`, () =>
      gone(container.remove({ force: true, v: true }), () => gone(container.wait({ condition: 'removed' }))),
    );
  }

  async exec(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<Executed> {
    const input = options.stdin !== undefined;
    return this.#client.ask(`run ${argv[0]} in the container ${short(container)}`, async () => {
      const body = { Cmd: [...argv], AttachStdout: true, AttachStderr: true, AttachStdin: input };
      const exec = await this.#client.container(container).exec(body);
      const output = await collectOutput(await exec.start({ hijack: input, stdin: input }), options);
      return { ...output, exitCode: await exitCode(() => exec.inspect()) };
    });
  }

  async converse(container: string, argv: readonly string[]): Promise<Duplex> {
    return this.#client.ask(`run ${argv[0]} in the container ${short(container)}`, async () => {
      const body = { Cmd: [...argv], AttachStdout: true, AttachStderr: true, AttachStdin: true };
      const exec = await this.#client.container(container).exec(body);
      return exec.start({ hijack: true, stdin: true });
    });
  }

  async listOurs(): Promise<readonly Owned[]> {
    // A container inherits its image's labels, and the agent image names its owner: only a run's own containers name the run.
    const filters = { label: [`${LABELS.owner}=${OWNER}`, LABELS.run] };
    const [containers, networks] = await this.#client.ask('list our objects', () =>
      Promise.all([
        this.#client.docker.listContainers({ all: true, filters }),
        this.#client.docker.listNetworks({ filters }),
      ]),
    );
    return ownedObjects(containers, networks);
  }

  async inspectImage(nameOrId: string): Promise<EngineImage | undefined> {
    const image = await this.#client.ask(`show the image ${nameOrId}`, () =>
      gone(this.#client.docker.getImage(imagePath(nameOrId)).inspect()),
    );
    return image && engineImage(image);
  }

  async buildImage(context: Buffer, tag: string, onLine: (line: string) => void): Promise<string> {
    return this.#client.ask(`build the image ${tag}`, async () => {
      const progress = await this.#client.docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: tag });
      const id = await follow(progress, onLine);
      if (id === undefined) throw new DoctorError('ENGINE_REFUSED', 'The engine does not say which image it built.');
      return id;
    });
  }

  async loadImage(archive: NodeJS.ReadableStream): Promise<void> {
    await this.#client.ask('load the image archive', async () => {
      const progress = await this.#client.docker.loadImage(archive);
      await follow(progress);
    });
  }

  disconnect(): void {
    this.#client.disconnect();
  }

  get #isPodman(): boolean {
    return this.facts.product === 'Podman';
  }

  #warningsOf(id: string): Pick<NetworkFact, 'warnings'> {
    const warnings = (this.#warnings.get(id) ?? []).map((text) => `the engine warns: ${text.replace(/\.$/, '')}`);
    return warnings.length > 0 ? { warnings } : {};
  }
}
