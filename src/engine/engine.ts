import type { Duplex } from 'node:stream';
import type { ContainerFact, EngineFact, NetworkFact } from '../evidence/facts.js';
import type { Listen, NetworkPlan } from '../scenario/plan.js';

/**
 * What the rest of the tool sees of Docker. One implementation, `engine/docker.ts`.
 * Everything it creates carries the labels `ipvlan-doctor.run` and `ipvlan-doctor.owner`.
 * Every method throws DoctorError: `ENGINE_UNREACHABLE` when nothing answers, `ENGINE_REFUSED` with the engine's own message.
 */
export interface Engine {
  /** How it was reached, for people: `lab (trixie)`, `unix:///var/run/docker.sock`, `context office (ssh://me@nas)`. */
  readonly name: string;
  readonly facts: EngineFact;
  /** Identifies it among all engines, as `docker info` shows it. Absent where the engine has no lasting id, as with Podman. */
  readonly id: string | undefined;
  /** Whether the engine runs without root: it then has a network namespace of its own and cannot use the links of the host. */
  readonly rootless: boolean;
  /** Creates the network exactly as `docker network create` would; returns its id. */
  createNetwork(network: NetworkPlan, run: string): Promise<string>;
  /** Removes a network; one that is gone already is no error. */
  removeNetwork(id: string): Promise<void>;
  /**
   * By id, name, or beginning of an id, as Docker takes them.
   *
   * @throws DoctorError `NOT_FOUND`; `USAGE` for an ambiguous name, a control character in it, or a driver we do not know
   */
  inspectNetwork(idOrName: string): Promise<NetworkFact>;
  /** Creates a container without starting it; returns its id. */
  createContainer(container: NewContainer, run: string): Promise<string>;
  /** @param network its id or name */
  connect(network: string, container: string, addresses: readonly string[]): Promise<void>;
  startContainer(id: string): Promise<void>;
  /**
   * By id, name, or beginning of an id, as Docker takes them.
   *
   * @throws DoctorError `NOT_FOUND`; `USAGE` for an ambiguous name, or a control character in it
   */
  inspectContainer(idOrName: string): Promise<Inspected>;
  /** Ids of the containers on a network, those that do not run included. */
  listContainers(networkId: string): Promise<readonly string[]>;
  /** Ids of the networks of these drivers. */
  listNetworks(drivers: readonly string[]): Promise<readonly string[]>;
  /** Kills and removes a container; one that is gone already is no error. */
  removeContainer(id: string): Promise<void>;
  /**
   * Runs a command inside a running container and collects what it writes. A non-zero exit code is a result. A command that
   * was given up goes on running in the container: Docker cannot stop it, `Agent.run` can.
   *
   * @throws DoctorError `AGENT_FAILED` after `timeoutMs`, `INTERRUPTED` when `signal` aborts
   */
  exec(container: string, argv: readonly string[], options?: ExecOptions): Promise<Executed>;
  /**
   * Starts a command inside a running container that is fed and read as it goes: what is written is its input, what is read
   * its outputs as Docker multiplexes them. It ends when the container does.
   */
  converse(container: string, argv: readonly string[]): Promise<Duplex>;
  /** Containers and networks on the engine that carry our owner label. */
  listOurs(): Promise<readonly Owned[]>;
  /** An image by name or id; `undefined` when the engine does not have it. */
  inspectImage(nameOrId: string): Promise<EngineImage | undefined>;
  /** Builds an image from a context as a tar archive; returns its id. */
  buildImage(context: Buffer, tag: string, onLine: (line: string) => void): Promise<string>;
  /** Loads an image archive in the format of `docker save`. */
  loadImage(archive: NodeJS.ReadableStream): Promise<void>;
  /**
   * Closes all connections; the next call opens new ones. To be called when the machine under the engine was restored from a
   * snapshot, which knows nothing of connections made since, and when nothing more is to be asked.
   */
  disconnect(): void;
}

/** An image on an engine. */
export interface EngineImage {
  /** Digest of what is in it, or of what names that: one id is one image, on every engine. */
  readonly id: string;
  /** Its names; empty when it has none. */
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A container as the engine shows it. */
export interface Inspected extends ContainerFact {
  /** Its first process, in the engine's pid namespace; 0 while it does not run. */
  readonly pid: number;
  /** What the engine said when it failed to start it last; absent when it did not fail. */
  readonly startError: string | undefined;
}

export interface NewContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** The first network; `host` and `none` as Docker knows them. */
  readonly network: string;
  readonly addresses: readonly string[];
  /** MAC address on the first network. Default: Docker chooses it. */
  readonly mac?: string | undefined;
  /** Resolvers for Docker's `--dns`; empty: Docker chooses. */
  readonly dns: readonly string[];
  /** Ports for Docker's `--publish`, under the same number on the host. Absent: none. */
  readonly publishes?: readonly Listen[];
  /** Privileged with the host's pid namespace: for the agent alone. */
  readonly agent: boolean;
}

export interface ExecOptions {
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Executed {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Where our scripts run: the agent container, with the network and pid namespaces of the host. */
export interface Shell {
  /** Runs a POSIX shell script to its end. A non-zero exit code is a result. */
  run(script: string, options?: Omit<ExecOptions, 'stdin'>): Promise<Executed>;
}

/** An object that we created on the engine. */
export interface Owned {
  readonly kind: 'container' | 'network';
  readonly id: string;
  readonly name: string;
  /** The run that made it. */
  readonly run: string;
  /** The process that made it, as {@link identityLine} writes it; absent for objects of older versions. */
  readonly process: string | undefined;
}

/** The labels of all our Docker objects. Cleanup removes nothing else. */
export const LABELS = {
  run: 'ipvlan-doctor.run',
  owner: 'ipvlan-doctor.owner',
  process: 'ipvlan-doctor.process',
} as const;
