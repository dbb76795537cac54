import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentImage } from '../../../src/engine/agent-image.js';
import { startAgent, type Agent } from '../../../src/engine/agent.js';
import type { Engine } from '../../../src/engine/engine.js';
import { run as runProgram } from '../../../src/process.js';
import type { Result } from '../../../src/report/result.js';
import { newRunId, run } from '../../../src/workflows/run.js';

/** Leaves a site standing around an engine's host, as a real network would be there before us. */
export async function leaveStanding(scenario: string, engine: string, directory: string): Promise<Result> {
  const id = /^id: (.+)$/m.exec(scenario)?.[1] ?? '';
  await mkdir(join(directory, 'sites'), { recursive: true });
  const file = join(directory, 'sites', `${id}.yaml`);
  await writeFile(file, scenario);
  const result = await run({
    ...{ scenarios: [file], engine, context: undefined, agentImage: undefined, allowHostChanges: false, jobs: 1 },
    ...{ directory, runId: newRunId(), signal: new AbortController().signal, keep: 'always' as const },
    ...{ onStep: () => undefined, onScenario: () => undefined },
  });
  if (result.error) throw new Error(result.error.message);
  return result;
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
    const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ipvlan-doctor');
    const tree = (await readdir(cache)).find((name) => name.startsWith('dockerd-') && !name.includes('.'));
    return new DockerClient(join(cache, tree ?? '', 'usr/bin/docker'), env);
  }

  async type(line: string): Promise<string> {
    return runProgram(this.#program, line.split(' ').slice(1), { env: this.#env });
  }

  /** An image that holds one static program and nothing else: no shell, no library. */
  async importTiny(tag: string): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-tiny-'));
    try {
      await runProgram('cp', [join(this.#program, '../../../bin/busybox'), join(directory, 'sleep')]);
      await runProgram('tar', ['-C', directory, '-cf', join(directory, 'tiny.tar'), 'sleep']);
      await this.type(`docker import ${join(directory, 'tiny.tar')} ${tag}`);
    } finally {
      await rm(directory, { recursive: true });
    }
  }
}

/** An agent of the test's own, to break things with and to look at what must stay as it was. */
export async function watcher(engine: Engine): Promise<Agent> {
  return startAgent(engine, { image: await agentImage(engine), run: 'watching' });
}
