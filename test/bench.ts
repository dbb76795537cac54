import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentImage } from '../src/engine/agent-image.js';
import { startAgent } from '../src/engine/agent.js';
import { connectEngine } from '../src/engine/connect.js';
import { resolveEndpoint } from '../src/engine/endpoint.js';
import type { Engine } from '../src/engine/engine.js';
import { labImage } from '../src/lab/image.js';
import { startLab, type Lab } from '../src/lab/lab.js';
import { look } from '../src/probes/look.js';
import type { Looked, LookRequest } from '../src/probes/look-request.js';
import { Journal } from '../src/topology/journal.js';
import { createTopology } from '../src/topology/create-topology.js';
import { scenarioRequest } from '../src/workflows/run/scenario-look.js';
import { diagnose } from '../src/diagnosis/diagnose.js';
import { recorded, recordedIds } from './diagnosis/situation.js';
import { newRunId, planAll, run } from '../src/workflows/run/run.js';
import { report, seconds, timed } from './bench-report.js';
import { journalHead } from './topology/head.js';

/** What must stay fast, measured in one run on one machine. */

diagnosisMs();
await labImage({ release: 'trixie', onStep: console.log });
const [upMs, lab] = await startedLab();
report('lab up, from its snapshot to an answering Docker API, median of 5 (must stay under 1.5 s)', seconds(upMs));
const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-bench-'));
try {
  const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
  const bareMs = await bareSequence(engine);
  report('bare: network create, two containers started, all removed', seconds(bareMs));
  const [oneMs] = await timed(() => runScenarios(['article-second-attempt']));
  report(
    'one healthy scenario, with site, probes and report',
    `${seconds(oneMs)} = ${(oneMs / bareMs).toFixed(1)} x bare`,
  );
  const [twoMs] = await timed(() => runScenarios(['article-second-attempt', 'article-lan-to-container']));
  report(
    'a second scenario on the same topology adds',
    `${seconds(twoMs - oneMs)} = ${((twoMs - oneMs) / oneMs).toFixed(2)} x the first`,
  );
  await extraEvidence(engine);
  await silence(engine);
  engine.disconnect();
} finally {
  await lab[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
}

/** The first of all also reads the machine's state from the disk; a lab that is used is warm. */
async function startedLab(): Promise<readonly [number, Lab]> {
  const times: number[] = [];
  for (;;) {
    const name = `bench-${process.pid}-${times.length}`;
    const [ms, started] = await timed(() => startLab({ name, release: 'trixie', private: true }));
    times.push(ms);
    if (times.length === 5) return [times.sort((a, b) => a - b)[2] ?? ms, started];
    await started.stop();
  }
}

/** All probes of a scenario run together: many silent ones must cost what one does. */
async function silence(engine: Engine): Promise<void> {
  await using agent = await startAgent(engine, {
    image: await agentImage(engine, { image: lab.record.agentImage }),
    run: 'bench',
  });
  const ping = 'ping -n -c 5 -i 0.2 -W 2.5 192.0.2.1 >/dev/null 2>&1';
  const setup =
    'ip netns add b; ip -n b link set lo up; ip -n b link add v0 type veth peer name v1; ip -n b addr add 192.0.2.2/24 dev v0; ip -n b link set v0 up; ip -n b link set v1 up';
  await agent.run(setup);
  const [oneMs] = await timed(() => agent.run(`ip netns exec b ${ping}`));
  const many = Array.from({ length: 12 }, () => `ip netns exec b ${ping} &`).join('\n');
  const [manyMs] = await timed(() => agent.run(`${many}\nwait`));
  report('12 silent pings together against one', `${(manyMs / oneMs).toFixed(2)} x (one after another: 12 x)`);
}

/** What captures, traces and the kernel's count of drops add to a look that asks the same without them. */
async function extraEvidence(engine: Engine): Promise<void> {
  const [plan] = await planAll(['article-second-attempt']);
  if (!plan) throw new Error('the article is gone');
  const [image, run, left] = [
    await agentImage(engine, { image: lab.record.agentImage }),
    `bench-${process.pid}`,
    [] as string[],
  ];
  const journal = Journal.begin(journalHead({ run }), directory);
  await using agent = await startAgent(engine, { image, run });
  const { signal } = new AbortController();
  const environment = { engine, shell: agent, journal, image: image.id, run, mayChangeHost: true, signal, left };
  await using topology = await createTopology(plan, environment);
  const request = () => scenarioRequest({ attempts: undefined, plan, topology, run, signal }, 'everything');
  const plain = (): LookRequest => ({ ...request(), captures: [], traced: [] });
  const without = await median(() => look(agent, plain()));
  const rows = {
    'captures alone': () => ({ ...request(), traced: [] }),
    'drop reasons and traces': () => ({ ...request(), captures: [] }),
    'all three': request,
  };
  report('a look without captures, traces and drop reasons, median of 3', seconds(without));
  for (const [name, asked] of Object.entries(rows)) {
    const ms = await median(() => look(agent, asked()));
    report(`the same with ${name}`, `${seconds(ms)} = ${(ms / without).toFixed(2)} x without`);
  }
}

/** Looks from a warm machine, each in milliseconds by the look's own clock. */
async function median(once: () => Promise<Looked>): Promise<number> {
  const times: number[] = [];
  while (times.length < 3) times.push((await once()).durationMs);
  return times.sort((a, b) => a - b)[1] ?? 0;
}

async function runScenarios(scenarios: readonly string[]): Promise<void> {
  const { error } = await run({
    scenarios,
    engine: `lab:${lab.record.name}`,
    context: undefined,
    agentImage: undefined,
    allowHostChanges: false,
    jobs: 1,
    directory,
    runId: newRunId(),
    signal: new AbortController().signal,
    onStep: () => undefined,
    onScenario: () => undefined,
  });
  if (error) throw new Error(error.message);
}

/** What `docker network create`, two times `docker run` and their removal cost on a parent that is there already. */
async function bareSequence(engine: Engine): Promise<number> {
  const [plan] = await planAll(['article-second-attempt']);
  const [network] = plan?.networks ?? [];
  if (!plan || !network) throw new Error('the article is gone');
  const { id: image } = await agentImage(engine, { image: lab.record.agentImage });
  const [ms] = await timed(async () => {
    const id = await engine.createNetwork({ ...network, parent: undefined }, 'bench');
    const containers = await Promise.all(
      plan.containers.map(async ({ name, attachments }) => {
        const container = await engine.createContainer(
          {
            name,
            image,
            command: ['sleep', 'infinity'],
            network: network.name,
            addresses: attachments[0]?.addresses ?? [],
            dns: [],
            agent: false,
          },
          'bench',
        );
        await engine.startContainer(container);
        return container;
      }),
    );
    await Promise.all(containers.map((container) => engine.removeContainer(container)));
    await engine.removeNetwork(id);
  });
  return ms;
}

/** What is concluded from a recorded look, in the view that has most to suppose; the first of each is for the compiler. */
function diagnosisMs(): void {
  const all = recordedIds('host').map((id) => recorded(id, 'host'));
  for (const evidence of all) diagnose(evidence);
  const times = all.map((evidence) => {
    const before = performance.now();
    diagnose(evidence);
    return performance.now() - before;
  });
  const mean = times.reduce((sum, one) => sum + one, 0) / times.length;
  const most = Math.max(...times);
  report(
    `diagnosis in view host, mean of ${all.length} (must stay under 20 ms)`,
    `${mean.toFixed(1)} ms, at most ${most.toFixed(0)} ms`,
  );
}
