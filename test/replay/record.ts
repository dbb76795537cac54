import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScenarioResult } from '../../src/report/result.js';
import type { Plan } from '../../src/scenario/plan.js';
import { planAll, run } from '../../src/workflows/run/run.js';
import { runOptions, verdictLine } from '../workflows/run/run-options.js';
import { lookingAs } from './views/examine.js';
import { ATTACHED_VIEWS, isSeenIn, type AttachedView } from './views/look.js';
import { Recordings } from './views/manifest.js';

/**
 * Records scenarios in the lab for the replay tests: `make record` what is missing or stale, `make record ID="a b"` these in any case.
 * `VIEW="host container"` records these views alone, `SHARD=2/6` the second of six parts, `DUE=missing` nothing that is only stale.
 * Each recording is written at once, so that a recorder that was stopped goes on where it was. A run that did not go as its file
 * says is not kept.
 */
const {
  ID = process.argv.slice(2).join(' '),
  VIEW = ['site', ...ATTACHED_VIEWS].join(' '),
  SHARD = '1/1',
} = process.env;
const { DUE = ID === '' ? 'stale' : 'any', JOBS = '3', IPVLAN_DOCTOR_ENGINE: engine = 'lab' } = process.env;
const wanted = ID.split(/\s+/).filter(Boolean);
const views = VIEW.split(/\s+/).filter(Boolean);
const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-record-'));
process.env['IPVLAN_DOCTOR_STATE'] = directory;
const plans = sharded(await planAll(wanted));

try {
  if (views.includes('site')) await recordSite();
  await recordAttached(ATTACHED_VIEWS.filter((view) => views.includes(view)));
} finally {
  await rm(directory, { recursive: true });
}

/** Those that share a topology stay together. */
function sharded(all: readonly Plan[]): readonly Plan[] {
  const [part = 1, of = 1] = SHARD.split('/').map(Number);
  const topologies = [...new Set(all.map(({ topologyKey }) => topologyKey))];
  return all.filter(({ topologyKey }) => topologies.indexOf(topologyKey) % of === part - 1);
}

function isDue(recordings: Recordings, plan: Plan): boolean {
  const due = recordings.due(plan);
  return DUE === 'any' || due === 'missing' || due === DUE;
}

async function recordSite(): Promise<void> {
  const recordings = new Recordings('site');
  const due = plans.filter((plan) => isDue(recordings, plan));
  await recordAll(due, async (scenario, plan) => {
    const { evidence, verdict, expectedCauses } = scenario;
    console.log(`site of ${verdictLine(scenario)}`);
    if (evidence && (verdict === 'pass' || expectedCauses === undefined))
      recordings.keep(plan, await readFile(join(directory, evidence), 'utf8'));
    else process.exitCode = 1;
  });
}

async function recordAttached(attached: readonly AttachedView[]): Promise<void> {
  const recordings = new Map(attached.map((view) => [view, new Recordings(view)]));
  const dueIn = (plan: Plan) =>
    attached.filter((view) => isSeenIn(view, plan.id) && isDue(recordings.get(view) as Recordings, plan));
  const due = plans.filter((plan) => dueIn(plan).length > 0);
  const examine = lookingAs(dueIn, (view, plan, looked) => {
    console.log(`${view} of ${plan.id}: ${looked.without ?? looked.failed ?? looked.container ?? ''}`);
    if (looked.failed !== undefined) process.exitCode = 1;
    else recordings.get(view)?.keep(plan, looked.evidence, { container: looked.container, without: looked.without });
  });
  await recordAll(due, () => Promise.resolve(), examine);
}

async function recordAll(
  due: readonly Plan[],
  keep: (scenario: ScenarioResult, plan: Plan) => Promise<void>,
  examine?: ReturnType<typeof lookingAs>,
): Promise<void> {
  if (due.length === 0) return;
  const kept: Promise<void>[] = [];
  const { error } = await run(
    runOptions({
      ...{ scenarios: due.map(({ id }) => id), engine, directory, jobs: Number(JOBS), examine },
      onScenario: (scenario) => {
        const plan = due.find(({ id }) => id === scenario.id);
        if (scenario.verdict === 'broken') console.log(verdictLine(scenario));
        if (plan) kept.push(keep(scenario, plan));
      },
    }),
  );
  await Promise.all(kept);
  if (error) throw new Error(error.message);
}
