import Docker from 'dockerode';
import { idOf, isFullId, refuseControlCharacters, segment, type Listed } from './by-name.js';
import type { Endpoint } from './endpoint.js';
import { explained } from './refusal.js';
import { Connections } from './transport.js';

/** dockerode over our own connections, with what it lacks: objects by name, warnings, Podman's own interface. */
export class DockerClient {
  readonly endpoint: Endpoint;
  /** dockerode itself, for requests that are not about one network or container. */
  readonly docker: Docker;
  readonly #connections: Connections;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    this.#connections = new Connections(endpoint);
    this.docker = dockerode(this.#connections);
  }

  /** What the engine says about itself: `docker version` and `docker info`. */
  greet(): Promise<[Docker.DockerVersion, unknown]> {
    return Promise.all([this.docker.version(), this.docker.info() as Promise<unknown>]);
  }

  disconnect(): void {
    this.#connections.destroy();
  }

  network(id: string): Docker.Network {
    return this.docker.getNetwork(segment(id));
  }

  container(id: string): Docker.Container {
    return this.docker.getContainer(segment(id));
  }

  /** The id that a person means by a network's name or id. @throws DoctorError `NOT_FOUND`, `USAGE` */
  async networkId(idOrName: string, isPodman: boolean): Promise<string> {
    if (isFullId(idOrName)) return idOrName;
    refuseControlCharacters(idOrName, 'network');
    const networks = await this.ask('list networks', () => this.docker.listNetworks());
    const listed = networks.map(({ Id, Name }) => ({ id: Id, names: [Name] }));
    const podman = isPodman ? await this.#podmanNetworks() : [];
    return idOf(idOrName, [...listed, ...podman], 'network');
  }

  /** Podman calls its default network `bridge` in Docker's interface, and `podman` where a container is attached to it. */
  async #podmanNetworks(): Promise<readonly Listed[]> {
    const networks = (await this.ask('list networks', () => this.libpod('networks/json'))) as readonly Listing[];
    return networks.map(({ id, name }) => ({ id, names: [name] }));
  }

  /** The id that a person means by a container's name or id. @throws DoctorError `NOT_FOUND`, `USAGE` */
  async containerId(idOrName: string): Promise<string> {
    if (isFullId(idOrName)) return idOrName;
    refuseControlCharacters(idOrName, 'container');
    const containers = await this.ask('list containers', () => this.docker.listContainers({ all: true }));
    const listed = containers.map(({ Id, Names }) => ({ id: Id, names: Names.map((name) => name.replace(/^\//, '')) }));
    return idOf(idOrName, listed, 'container');
  }

  /** dockerode alone keeps the id of a new object, and drops the engine's warnings. */
  create(kind: 'networks' | 'containers', { query = {}, body }: Creation): Promise<Created> {
    const statusCodes = { 200: true, 201: true };
    const options = { _query: query, _body: body };
    return this.#dial({ path: `/${kind}/create?`, method: 'POST', options, statusCodes }) as Promise<Created>;
  }

  /** Asks Podman in its own interface: in Docker's it does not tell the parent of a network. */
  libpod(path: string): Promise<unknown> {
    const statusCodes = { 200: true, 404: 'no such object', 500: 'server error' };
    return this.#dial({ path: `/v4.0.0/libpod/${path}`, method: 'GET', statusCodes });
  }

  #dial(request: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.docker.modem.dial(request as never, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  /** Makes a request. @throws DoctorError saying what was asked, and why the engine rejected it */
  async ask<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      throw explained(error, what, this.endpoint);
    }
  }
}

/** Without this, dockerode obeys `DOCKER_HOST` even when it is given an endpoint. */
function dockerode(connections: Connections): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return new Docker({ protocol: 'http', host: 'docker', port: 80, agent: connections } as Docker.DockerOptions);
  } finally {
    if (DOCKER_HOST !== undefined) process.env['DOCKER_HOST'] = DOCKER_HOST;
  }
}

/** An object that is gone already is `undefined`, not an error; one that is being removed is waited for. */
export async function gone<Answer>(call: Promise<Answer>, wait?: () => Promise<unknown>): Promise<Answer | undefined> {
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

/** The engine's answer when it created a network (`Warning`) or a container (`Warnings`). */
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
export function short(idOrName: string): string {
  return isFullId(idOrName) ? idOrName.slice(0, 12) : idOrName;
}
