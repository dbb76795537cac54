import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentImage } from '../../../src/engine/agent-image.js';
import { startAgent, type Agent } from '../../../src/engine/agent.js';
import type { Engine } from '../../../src/engine/engine.js';
import { runProgram } from '../../../src/process.js';
import type { Result } from '../../../src/report/result.js';
import { newRunId, run } from '../../../src/workflows/run/run.js';
import { runOptions } from '../../workflows/run/run-options.js';
import { unpacked, type Dockerd } from '../dockerd.js';

/** Leaves a site standing around an engine's host, as a real network would be there before us. */
export async function leaveStanding(scenario: string, engine: string, directory: string): Promise<Result> {
  const id = /^id: (.+)$/m.exec(scenario)?.[1] ?? '';
  await mkdir(join(directory, 'sites'), { recursive: true });
  const file = join(directory, 'sites', `${id}.yaml`);
  await writeFile(file, scenario);
  const result = await run(runOptions({ scenarios: [file], engine, directory, keep: 'always' }));
  if (result.error) throw new Error(result.error.message);
  return result;
}

const OFFICE = `
id: office
title: The office around a Docker host, without anything of Docker's
site:
  lan: [10.41.0.0/24]
  host: { interface: doctor0, address: 10.41.0.2 }
  gateway: { address: 10.41.0.1, masquerades: [10.41.0.0/24] }
  peers: [{ name: laptop, address: 10.41.0.50 }]
networks: []
containers: []
checks: [{ from: host, to: gateway }]
`;

/** What the office holds: a shell to change its host with, and a docker client; its macvlan network is called office. */
export async function openOffice(
  { host, engine }: Dockerd,
  directory: string,
): Promise<{ readonly agent: Agent; readonly docker: DockerClient }> {
  const { cleanup } = await leaveStanding(OFFICE, host, directory);
  if (cleanup.state !== 'kept') throw new Error(`the office does not stand: it is ${cleanup.state}`);
  const agent = await watcher(engine);
  // A person's host has its default route in its main table.
  await agent.run('ip route add default via 10.41.0.1 dev doctor0');
  const docker = await DockerClient.towards({ DOCKER_HOST: host });
  await docker.type(
    'docker network create -d macvlan -o parent=doctor0 --subnet 10.41.0.0/24 --gateway 10.41.0.1 office',
  );
  return { agent, docker };
}

interface ImageContent {
  /** Where busybox lies in it. */
  readonly program: string;
  readonly links: readonly string[];
  /** Lines of a Dockerfile. */
  readonly changes: readonly string[];
}

/** The docker client, as a person types it. */
export class DockerClient {
  readonly #program: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(program: string, env: Readonly<Record<string, string>>) {
    this.#program = program;
    this.#env = env;
  }

  static async towards(env: Readonly<Record<string, string>>): Promise<DockerClient> {
    return new DockerClient(join(await unpacked(), 'usr/bin/docker'), env);
  }

  async type(line: string): Promise<string> {
    return runProgram(this.#program, line.split(' ').slice(1), { env: this.#env });
  }

  /** An image that holds one static program and nothing else: no shell, no library. */
  importTiny(tag: string, ...changes: readonly string[]): Promise<void> {
    return this.#import(tag, { program: '/sleep', links: [], changes });
  }

  /** An image such as alpine: busybox, with every program it knows, and a shell that waits to be typed at. */
  async importAlpine(tag: string): Promise<void> {
    const applets = (await runProgram(this.#busybox, ['--list'])).split('\n');
    const links = applets.filter((name) => name !== 'busybox').map((name) => `/bin/${name}`);
    await this.#import(tag, { program: '/bin/busybox', links, changes: ['CMD ["/bin/sh"]'] });
  }

  async #import(tag: string, { program, links, changes }: ImageContent): Promise<void> {
    const root = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-image-'));
    try {
      await mkdir(join(root, 'content', program, '..'), { recursive: true });
      await runProgram('cp', [this.#busybox, join(root, 'content', program)]);
      await Promise.all(links.map((link) => symlink(program, join(root, 'content', link))));
      await runProgram('tar', ['-C', join(root, 'content'), '-cf', join(root, 'image.tar'), '.']);
      await runProgram(
        this.#program,
        ['import', ...changes.map((change) => `--change=${change}`), join(root, 'image.tar'), tag],
        {
          env: this.#env,
        },
      );
    } finally {
      await rm(root, { recursive: true });
    }
  }

  get #busybox(): string {
    return join(this.#program, '../../../bin/busybox');
  }
}

/** What every verb is told that visits such an engine. */
export function visiting({ host }: Dockerd, directory: string) {
  return {
    ...{ engine: host, context: undefined, agentImage: undefined, directory, runId: newRunId() },
    ...{ signal: new AbortController().signal, onStep: () => undefined },
  };
}

/** What is asked of the world around. */
export const AROUND = { gateway: [], gatewaySide: {}, addresses: ['8.8.8.8', '1.1.1.1'], name: 'google.com' };

/** Each check and what came of it. */
export function verdicts({ scenarios, error }: Result): readonly string[] {
  return [
    ...(error ? [error.message] : []),
    ...(scenarios[0]?.checks ?? []).map(({ id, observed }) => `${id} ${observed}`),
  ];
}

/** An agent of the test's own, to break things with and to look at what must stay as it was. */
export async function watcher(engine: Engine): Promise<Agent> {
  return startAgent(engine, { image: await agentImage(engine), run: 'watching' });
}
