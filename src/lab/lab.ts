import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { imageIdIn } from '../engine/archive.js';
import { DoctorError } from '../errors.js';
import { runProgram } from '../process.js';
import { waitForApi } from './api.js';
import { isRunning } from './cache.js';
import { execInGuest, setGuestClock, type GuestExit } from './guest-agent.js';
import type { Release } from './guest.js';
import { labImage, type BuildOptions, type LabImage } from './image.js';
import { AGENT_SOCKET, LOGS, startMachine } from './machine.js';
import { directoryOf, makeDirectoryOf, runtimeDirectory } from './runtime-directory.js';

/** What is on disk of a lab that runs: enough to find, use and end it from another process. */
interface LabRecord {
  readonly name: string;
  readonly release: Release;
  readonly pid: number;
  readonly port: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly certificates: string;
  /** Id of the agent image that waits within; absent in the record of an older version. */
  readonly agentImage?: string;
}

export interface StartOptions extends Omit<BuildOptions, 'release'> {
  readonly name: string;
  readonly release: Release;
  /** A private lab belongs to this process and ends with it, however it ends. */
  readonly private: boolean;
}

/** Name of the lab that is meant when none is given. */
export const DEFAULT_NAME = 'default';

/** A disposable Docker host: a running machine. Disposing of a private one ends it; a named one is left running. */
export class Lab implements AsyncDisposable {
  readonly record: LabRecord;
  readonly #private: boolean;

  constructor(record: LabRecord, isPrivate = false) {
    this.record = record;
    this.#private = isPrivate;
  }

  /** Variables that point any Docker client at this lab. */
  get env(): Readonly<Record<string, string>> {
    return {
      DOCKER_HOST: `tcp://127.0.0.1:${this.record.port}`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: this.record.certificates,
    };
  }

  /** Runs a command in the guest itself, without Docker: to look around, and when Docker does not answer. */
  exec(argv: readonly string[], stdin?: string): Promise<GuestExit> {
    return execInGuest(join(directoryOf(this.record.name), AGENT_SOCKET), argv, stdin);
  }

  /** What the machine and its guest said last; empty when neither had anything to say. */
  async lastWords(): Promise<string> {
    const directory = directoryOf(this.record.name);
    const said = await Promise.all(LOGS.map((name) => readFile(join(directory, name), 'utf8').catch(() => '')));
    return said.join('\n').trim().split('\n').slice(-5).join('\n');
  }

  /** Ends the machine at once; what it wrote stays to be read. */
  kill(): void {
    if (this.lives()) process.kill(this.record.pid, 'SIGKILL');
  }

  /** Whether the machine runs: its number may long be another process's. */
  lives(): boolean {
    const { name, pid } = this.record;
    return isRunning(pid) && [undefined, realPath(directoryOf(name))].includes(workingDirectory(pid));
  }

  /** Ends the machine and removes what it wrote. */
  async stop(): Promise<void> {
    this.kill();
    while (this.lives()) await wait(5); // Its parent may be gone: there is no event to wait for.
    await rm(directoryOf(this.record.name), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#private) await this.stop();
  }
}

/**
 * Starts a lab from its snapshot: dockerd is up and the agent image loaded when this returns. The image is built first
 * when the cache does not hold it.
 *
 * @throws DoctorError `LAB_FAILED`; `USAGE` when a lab of that name runs already, or there can be none of it
 */
export async function startLab(options: StartOptions): Promise<Lab> {
  directoryOf(options.name);
  await removeEndedLabs();
  if (await findLab(options.name)) {
    throw new DoctorError('USAGE', `A lab called ${options.name} is up already.`, {
      hint: '"ipvlan-doctor lab status" shows it; "lab up --name OTHER" starts another one.',
    });
  }
  const image = await labImage(options);
  options.signal?.throwIfAborted();
  return boot(image, options);
}

/** Takes a lab back to its clean state, under the same name and port, so that everything that points at it stays true. */
export async function resetLab(lab: Lab, options: Omit<BuildOptions, 'release'> = {}): Promise<Lab> {
  const { name, release, port } = lab.record;
  const image = await labImage({ ...options, release });
  await lab.stop();
  return boot(image, { name, release, private: false, port });
}

async function boot(image: LabImage, options: StartOptions & { readonly port?: number }): Promise<Lab> {
  const { name, release } = options;
  const directory = makeDirectoryOf(name);
  const disk = join(directory, 'disk.qcow2');
  await runProgram('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image.disk, '-F', 'qcow2', disk]);
  const machine = await startMachine({ ...image, directory, disk, private: options.private, port: options.port });
  machine.monitor[Symbol.dispose]();
  const { pid, port } = machine;
  const record: LabRecord = {
    name,
    release,
    pid,
    port,
    startedAt: new Date().toISOString(),
    certificates: image.certificates,
    agentImage: await imageIdIn(image.agentArchive),
  };
  const lab = new Lab(record, options.private);
  await writeFile(join(directory, 'lab.json'), JSON.stringify(record));
  try {
    await setGuestClock(join(directory, AGENT_SOCKET));
    await waitForApi(record, () => lab.lives() && options.signal?.aborted !== true);
  } catch (error) {
    await lab.stop();
    options.signal?.throwIfAborted();
    throw error;
  }
  return lab;
}

/** The lab of that name, when it runs. */
export async function findLab(name: string): Promise<Lab | undefined> {
  return (await listLabs()).find(({ record }) => record.name === name);
}

/** Labs of this user that run. */
export async function listLabs(): Promise<readonly Lab[]> {
  const names = await readdir(runtimeDirectory()).catch(() => []);
  const records = await Promise.all(names.map(readRecord));
  return records.flatMap((record) => (record ? [new Lab(record)] : [])).filter((lab) => lab.lives());
}

/** Removes what labs left that are no longer running. */
export async function removeEndedLabs(): Promise<void> {
  for (const name of await readdir(runtimeDirectory()).catch(() => [])) {
    const record = await readRecord(name);
    if (record && !new Lab(record).lives()) await rm(directoryOf(name), { recursive: true, force: true });
  }
}

async function readRecord(name: string): Promise<LabRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(directoryOf(name), 'lab.json'), 'utf8')) as LabRecord;
    return record.name === name ? record : undefined;
  } catch {
    return undefined; // Being started or ended at this moment, or no lab.
  }
}

/** @returns `undefined` where the system does not tell */
function workingDirectory(pid: number): string | undefined {
  if (!existsSync('/proc/self/cwd')) return undefined;
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // It has ended, or belongs to another user.
  }
}

function realPath(directory: string): string {
  return existsSync(directory) ? realpathSync(directory) : directory;
}
