import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { DoctorError } from '../errors.js';
import type { EngineFact, NetworkFact } from '../evidence/facts.js';
import type { NetworkPlan } from '../scenario/plan.js';
import { idOf, imagePath, isFullId, notFound, refuseControlCharacters, segment, type Listed } from './by-name.js';
import type { Endpoint } from './endpoint.js';
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
import { collect, exitCode } from './exec-stream.js';
import { containerFact, engineFact, engineId, isRootless, networkFact } from './inspect.js';
import { removedOnceFree } from './letting-go.js';
import { follow } from './progress.js';
import { explained, unreachable } from './refusal.js';
import { containerBody, endpointOf, networkBody, OWNER } from './request-bodies.js';
import { Connections } from './transport.js';
import { endedBy, until } from './until.js';

/** How long an engine that accepted the connection may take to say what it is, in milliseconds: it may be emulated. */
const GREETING_TIMEOUT_MS = 20_000;

/**
 * Connects to an engine and learns what it is.
 *
 * @param signal ends the greeting, and every later request but those that clean up
 * @throws DoctorError `ENGINE_UNREACHABLE` saying which endpoint, why, and what to do; the signal's reason when it aborts
 */
export async function connectEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<Engine> {
  const connections = new Connections(endpoint);
  const docker = client(connections);
  const mute = Object.assign(new Error('mute'), { code: 'ETIMEDOUT' });
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(mute), GREETING_TIMEOUT_MS);
  });
  try {
    const answers = Promise.all([docker.version(), docker.info() as Promise<unknown>]);
    const greeting = Promise.race([answers, silence]);
    const [version, info] = await (signal ? endedBy(signal, greeting) : greeting);
    if (!version.ApiVersion) throw new Error('what answers there is not a Docker Engine');
    const about = { rootless: isRootless(info), id: engineId(version, info), facts: engineFact(version, info) };
    const engine = new DockerEngine({ docker, connections, endpoint, ...about });
    return signal ? until(signal, engine) : engine;
  } catch (error) {
    connections.destroy();
    throw unreachable(error, endpoint);
  } finally {
    clearTimeout(timer);
  }
}

/** dockerode over connections of ours. Left alone it would also obey `DOCKER_HOST`, whatever endpoint it is given. */
function client(connections: Connections): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return new Docker({ protocol: 'http', host: 'docker', port: 80, agent: connections } as Docker.DockerOptions);
  } finally {
    if (DOCKER_HOST !== undefined) process.env['DOCKER_HOST'] = DOCKER_HOST;
  }
}

interface Reached {
  readonly docker: Docker;
  readonly connections: Connections;
  readonly endpoint: Endpoint;
  readonly facts: EngineFact;
  readonly rootless: boolean;
  readonly id: string | undefined;
}

/** Docker's API, and the one place that knows dockerode. */
class DockerEngine implements Engine {
  readonly name: string;
  readonly facts: EngineFact;
  readonly rootless: boolean;
  readonly id: string | undefined;
  readonly #docker: Docker;
  readonly #connections: Connections;
  readonly #endpoint: Endpoint;
  /** What the engine warned of when it made something for us, by id. It says so once. */
  readonly #warnings = new Map<string, readonly string[]>();

  constructor({ docker, connections, endpoint, facts, rootless, id }: Reached) {
    this.name = endpoint.name;
    this.facts = facts;
    this.rootless = rootless;
    this.id = id;
    this.#docker = docker;
    this.#connections = connections;
    this.#endpoint = endpoint;
  }

  async createNetwork(network: NetworkPlan, run: string): Promise<string> {
    const body = networkBody(network, { run, product: this.facts.product });
    const what = `create the network ${network.name}`;
    const { Id, Warning } = await this.#ask(what, () => this.#create('networks', { body }));
    this.#warnings.set(Id, Warning ? [Warning] : []);
    return Id;
  }

  async removeNetwork(id: string): Promise<void> {
    const network = this.#network(id);
    await this.#ask(`remove the network ${short(id)}`, () =>
      removedOnceFree(
        () => gone(network.remove()),
        () => this.#isHeld(network),
      ),
    );
  }

  async #isHeld(network: Docker.Network): Promise<boolean> {
    const seen = (await gone(network.inspect())) as { readonly Containers?: object } | undefined;
    const ids = Object.keys(seen?.Containers ?? {});
    const there = await Promise.all(ids.map((id) => gone(this.#container(id).inspect())));
    return there.some((container) => container !== undefined);
  }

  async inspectNetwork(idOrName: string): Promise<NetworkFact> {
    const id = await this.#networkId(idOrName);
    const what = `show the network ${short(idOrName)}`;
    const answer: unknown = await this.#ask(what, () => gone(this.#network(id).inspect()));
    if (answer === undefined) throw notFound(idOrName, 'network');
    const podman =
      this.facts.product === 'Podman'
        ? await this.#ask(what, () => this.#libpod(`networks/${segment(id)}/json`))
        : undefined;
    return { ...networkFact(answer, podman), ...this.#warningsOf(id) };
  }

  async createContainer(container: NewContainer, run: string): Promise<string> {
    const { name, ...body } = containerBody(container, run);
    const what = `create the container ${name}`;
    const { Id, Warnings } = await this.#ask(what, () => this.#create('containers', { query: { name }, body }));
    this.#warnings.set(Id, Warnings ?? []);
    return Id;
  }

  async connect(network: string, container: string, addresses: readonly string[]): Promise<void> {
    const body = { Container: container, EndpointConfig: endpointOf(addresses) };
    const what = `connect the container ${short(container)} to the network ${short(network)}`;
    const id = await this.#networkId(network);
    await this.#ask(what, () => this.#network(id).connect(body));
  }

  async startContainer(id: string): Promise<void> {
    await this.#ask(`start the container ${short(id)}`, () => this.#container(id).start());
  }

  async inspectContainer(idOrName: string): Promise<Inspected> {
    const id = await this.#containerId(idOrName);
    const inspected = await this.#ask(`show the container ${short(idOrName)}`, () =>
      gone(this.#container(id).inspect()),
    );
    if (inspected === undefined) throw notFound(idOrName, 'container');
    const { Pid, Error: startError } = inspected.State;
    return { ...containerFact(inspected), ...this.#warningsOf(id), pid: Pid, startError: startError || undefined };
  }

  async listContainers(networkId: string): Promise<readonly string[]> {
    const filters = { network: [networkId] };
    const what = `list the containers of the network ${short(networkId)}`;
    const containers = await this.#ask(what, () => this.#docker.listContainers({ all: true, filters }));
    return containers.map(({ Id }) => Id);
  }

  async listNetworks(drivers: readonly string[]): Promise<readonly string[]> {
    const filters = { driver: [...drivers] };
    const networks = await this.#ask('list networks', () => this.#docker.listNetworks({ filters }));
    return networks.map(({ Id }) => Id);
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.#container(id);
    await this.#ask(`remove the container ${short(id)}`, () =>
      gone(container.remove({ force: true, v: true }), () => gone(container.wait({ condition: 'removed' }))),
    );
  }

  async exec(container: string, argv: readonly string[], options: ExecOptions = {}): Promise<Executed> {
    const input = options.stdin !== undefined;
    return this.#ask(`run ${argv[0]} in the container ${short(container)}`, async () => {
      const body = { Cmd: [...argv], AttachStdout: true, AttachStderr: true, AttachStdin: input };
      const exec = await this.#container(container).exec(body);
      const output = await collect(await exec.start({ hijack: input, stdin: input }), options);
      return { ...output, exitCode: await exitCode(() => exec.inspect()) };
    });
  }

  async converse(container: string, argv: readonly string[]): Promise<Duplex> {
    return this.#ask(`run ${argv[0]} in the container ${short(container)}`, async () => {
      const body = { Cmd: [...argv], AttachStdout: true, AttachStderr: true, AttachStdin: true };
      const exec = await this.#container(container).exec(body);
      return exec.start({ hijack: true, stdin: true });
    });
  }

  async listOurs(): Promise<readonly Owned[]> {
    // A container inherits its image's labels, and the agent image names its owner: only a run's own containers name the run.
    const filters = { label: [`${LABELS.owner}=${OWNER}`, LABELS.run] };
    const [containers, networks] = await this.#ask('list our objects', () =>
      Promise.all([this.#docker.listContainers({ all: true, filters }), this.#docker.listNetworks({ filters })]),
    );
    const made = (labels?: Readonly<Record<string, string>>) => {
      return { run: labels?.[LABELS.run] ?? '', process: labels?.[LABELS.process] };
    };
    return [
      ...containers.map(({ Id, Names, Labels }) => {
        return { kind: 'container', id: Id, name: (Names[0] ?? Id).replace(/^\//, ''), ...made(Labels) } as const;
      }),
      ...networks.map(({ Id, Name, Labels }) => ({ kind: 'network', id: Id, name: Name, ...made(Labels) }) as const),
    ];
  }

  async inspectImage(nameOrId: string): Promise<EngineImage | undefined> {
    const image = await this.#ask(`show the image ${nameOrId}`, () =>
      gone(this.#docker.getImage(imagePath(nameOrId)).inspect()),
    );
    return image && { id: image.Id, tags: image.RepoTags ?? [], labels: image.Config.Labels ?? {} };
  }

  async buildImage(context: Buffer, tag: string, onLine: (line: string) => void): Promise<string> {
    return this.#ask(`build the image ${tag}`, async () => {
      const progress = await this.#docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: tag });
      const id = await follow(progress, onLine);
      if (id === undefined) throw new DoctorError('ENGINE_REFUSED', 'The engine does not say which image it built.');
      return id;
    });
  }

  async loadImage(archive: NodeJS.ReadableStream): Promise<void> {
    await this.#ask('load the image archive', async () => void (await follow(await this.#docker.loadImage(archive))));
  }

  disconnect(): void {
    this.#connections.destroy();
  }

  #network(id: string): Docker.Network {
    return this.#docker.getNetwork(segment(id));
  }

  #container(id: string): Docker.Container {
    return this.#docker.getContainer(segment(id));
  }

  async #networkId(idOrName: string): Promise<string> {
    if (isFullId(idOrName)) return idOrName;
    refuseControlCharacters(idOrName, 'network');
    const networks = await this.#ask('list networks', () => this.#docker.listNetworks());
    const listed = networks.map(({ Id, Name }) => ({ id: Id, names: [Name] }));
    return idOf(idOrName, [...listed, ...(await this.#podmanNetworks())], 'network');
  }

  /** In Docker's words Podman calls its default network `bridge`; a container of its own is attached to `podman`. */
  async #podmanNetworks(): Promise<readonly Listed[]> {
    if (this.facts.product !== 'Podman') return [];
    const networks = (await this.#ask('list networks', () => this.#libpod('networks/json'))) as readonly Listing[];
    return networks.map(({ id, name }) => ({ id, names: [name] }));
  }

  async #containerId(idOrName: string): Promise<string> {
    if (isFullId(idOrName)) return idOrName;
    refuseControlCharacters(idOrName, 'container');
    const containers = await this.#ask('list containers', () => this.#docker.listContainers({ all: true }));
    const listed = containers.map(({ Id, Names }) => ({ id: Id, names: Names.map((name) => name.replace(/^\//, '')) }));
    return idOf(idOrName, listed, 'container');
  }

  #warningsOf(id: string): Pick<NetworkFact, 'warnings'> {
    const warnings = (this.#warnings.get(id) ?? []).map((text) => `the engine warns: ${text.replace(/\.$/, '')}`);
    return warnings.length > 0 ? { warnings } : {};
  }

  /** dockerode would keep the id of what was made, and drop what the engine warns of. */
  #create(kind: 'networks' | 'containers', { query = {}, body }: Creation): Promise<Created> {
    const statusCodes = { 200: true, 201: true };
    const options = { _query: query, _body: body };
    return this.#dial({ path: `/${kind}/create?`, method: 'POST', options, statusCodes }) as Promise<Created>;
  }

  /** What Podman says in an interface of its own: in Docker's words it does not tell what a network hangs on. */
  #libpod(path: string): Promise<unknown> {
    const statusCodes = { 200: true, 404: 'no such object', 500: 'server error' };
    return this.#dial({ path: `/v4.0.0/libpod/${path}`, method: 'GET', statusCodes });
  }

  #dial(request: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#docker.modem.dial(request as never, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  async #ask<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      throw explained(error, what, this.#endpoint);
    }
  }
}

/** What is gone already is `undefined`, not an error; what somebody else is removing is waited for. */
async function gone<Answer>(call: Promise<Answer>, wait?: () => Promise<unknown>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    const { statusCode } = error as { readonly statusCode?: number };
    if (statusCode === 409 && wait) await wait();
    else if (statusCode !== 404) throw error;
    return undefined;
  }
}

interface Creation {
  readonly query?: Readonly<Record<string, string>>;
  readonly body: object;
}

/** What an engine answers when it made a network (`Warning`) or a container (`Warnings`). */
interface Created {
  readonly Id: string;
  readonly Warning?: string;
  readonly Warnings?: readonly string[] | null;
}

/** A network in Podman's own words. */
interface Listing {
  readonly id: string;
  readonly name: string;
}

/** Ids are long, and twelve letters are what Docker prints. */
function short(idOrName: string): string {
  return isFullId(idOrName) ? idOrName.slice(0, 12) : idOrName;
}
