import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvidence } from '../../src/evidence/file.js';
import { startLab } from '../../src/lab/lab.js';
import type { Result } from '../../src/report/result.js';
import { readResult } from '../../src/report/json.js';
import { writeReport } from '../../src/report/write.js';
import { diagnoseContainer } from '../../src/workflows/attach/diagnose.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { newRunId, run } from '../../src/workflows/run/run.js';
import { runOptions } from '../workflows/run/run-options.js';
import type { Seen } from './invariants.js';
import { PUBLIC } from './setting.js';
import type { Situation } from './situation.js';

/** A situation as two views saw it, or why it could not be looked at. */
export type Examined = { readonly views: readonly Seen[] } | { readonly error: string };

/**
 * Creates a situation in a lab of its own, examines it as `run` does, keeps it, and examines it as `diagnose` does on a host that
 * it knows nothing of. Writes the scenario file, and the report of each view, into a directory.
 */
export async function examine(situation: Situation, directory: string): Promise<Examined> {
  const file = await writeScenario(situation, directory);
  await using lab = await startLab({ name: `field-${process.pid}`, release: 'trixie', private: true });
  const engine = `lab:${lab.record.name}`;
  const site = join(directory, 'site');
  const ran = await run(runOptions({ scenarios: [file], engine, directory: await made(site), keep: 'always' }));
  const seen = await seenOf('site', ran, site);
  if ('error' in seen) return seen;
  const host = join(directory, 'host');
  const asked = await diagnoseContainer({
    ...{ engine, context: undefined, agentImage: undefined, directory: await made(host), runId: newRunId() },
    ...{ container: situation.setting.container, targets: [], peers: [], gateway: [], gatewaySide: {} },
    ...{ addresses: [...PUBLIC.four, ...PUBLIC.six], name: 'google.com' },
    ...{ signal: new AbortController().signal, onStep: () => undefined },
  });
  const attached = await seenOf('host', asked, host);
  return 'error' in attached ? attached : { views: [seen, attached] };
}

/**
 * The same from what {@link examine} left in a directory, diagnosed by today's rules and without a lab. `undefined` where nothing
 * was kept.
 */
export async function examineKept(situation: Situation, directory: string): Promise<Examined | undefined> {
  const file = await readFile(join(directory, `${situation.id}.yaml`), 'utf8').catch(() => undefined);
  if (file === undefined) return undefined;
  if (file !== written(situation)) return { error: 'its generator has changed since: remove it, or look at it again' };
  const views: Seen[] = [];
  for (const view of ['site', 'host'] as const) {
    const kept = await readResult(join(directory, view)).catch(() => undefined);
    const was = kept?.scenarios[0];
    if (!kept || was?.evidence === undefined) return { error: `${view}: it was not looked at to the end` };
    const evidence = await readEvidence(join(directory, view, was.evidence));
    views.push({ view, evidence, result: rediagnosed({ id: was.id, evidence, was, verb: kept.run.verb }) });
  }
  return { views };
}

/** The scenario file, with how to run it again. */
function written({ seed, number, text }: Situation): string {
  return `# make field SEED=${seed} ONLY=${number}\n${text}`;
}

async function writeScenario(situation: Situation, directory: string): Promise<string> {
  const file = join(await made(directory), `${situation.id}.yaml`);
  await writeFile(file, written(situation));
  return file;
}

async function made(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  return directory;
}

async function seenOf(
  view: Seen['view'],
  result: Result,
  directory: string,
): Promise<Seen | { readonly error: string }> {
  await writeReport(result, directory);
  const [scenario] = result.scenarios;
  if (result.error) return { error: `${view}: ${result.error.message}` };
  if (scenario?.evidence === undefined) return { error: `${view}: ${scenario?.reason ?? 'nothing was looked at'}` };
  return { view, result: scenario, evidence: await readEvidence(join(directory, scenario.evidence)) };
}
