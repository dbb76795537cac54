import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ConfusionCase } from './docs/confusion.js';
import type { JudgedView } from './docs/views.js';
import type { Evidence } from './evidence/evidence.js';
import { causeIds, causesIndex, faultsIndex, membersOf, type Member } from './docs/index-files.js';

const RECORDED = 'test/replay/recorded';

/**
 * Writes the generated files, or with `--check` only says which of them are out of date. Their text is made in `docs/`. The
 * indexes of causes and faults are written first, because the other files are made from them.
 */
const causes = await members('src/diagnosis/causes', ['ids']);
await write({
  'src/diagnosis/causes/ids.ts': causeIds(causes),
  'src/diagnosis/causes/index.ts': causesIndex(causes),
  'src/faults/index.ts': faultsIndex(await members('src/faults', ['fault', 'switch-filter'])),
});
await write(await pages());

async function pages(): Promise<Readonly<Record<string, string>>> {
  const { CAUSES } = await import('./diagnosis/causes/index.js');
  const { causesReadme } = await import('./docs/causes-readme.js');
  const { scenarioSchemaFile, scenariosReadme } = await import('./docs/catalogue-readme.js');
  const { loadScenarios } = await import('./scenario/find.js');
  const { confusionPage } = await import('./docs/confusion.js');
  return {
    'scenarios/README.md': scenariosReadme(await loadScenarios([])),
    'scenarios/scenario.schema.json': scenarioSchemaFile(),
    'src/diagnosis/causes/README.md': causesReadme(CAUSES),
    'src/diagnosis/causes/CONFUSION.md': confusionPage(await recordedCases(), CAUSES, await seenWithLess()),
    ...(await sample('article-first-attempt')),
  };
}

/** What is told of the same situations in each view that sees less. */
async function seenWithLess(): Promise<ReadonlyMap<string, readonly JudgedView[]>> {
  const { judged, VIEWS } = await import('./docs/views.js');
  const { rediagnosed } = await import('./workflows/bundle/rediagnose.js');
  const views = new Map<string, readonly JudgedView[]>();
  for (const view of Object.keys(VIEWS)) {
    const seen = await recordedIn(view);
    const told = seen.map(({ id, expected, evidence }) => {
      return judged({ scenario: id, expected, result: rediagnosed({ id, evidence, was: undefined }) });
    });
    views.set(view, told);
  }
  return views;
}

/** What is found in the recorded runs, and what their scenarios expect. */
async function recordedCases(): Promise<readonly ConfusionCase[]> {
  const { diagnose } = await import('./diagnosis/diagnose.js');
  const runs = await recordedIn('site');
  return runs.map(({ id, expected, evidence }) => {
    return { scenario: id, expected, found: diagnose(evidence).found.map(({ cause }) => cause.id) };
  });
}

interface RecordedCase {
  readonly id: string;
  readonly expected: readonly string[];
  readonly evidence: Evidence;
}

/** All that was recorded in a view, without what has no expectation. A test insists that there is a recording of each scenario. */
async function recordedIn(view: string): Promise<readonly RecordedCase[]> {
  const { planAll } = await import('./workflows/run/run.js');
  const { parseEvidence } = await import('./evidence/file.js');
  const plans = (await planAll([])).flatMap(({ id, diagnosis }) => (diagnosis ? [{ id, expected: diagnosis }] : []));
  const cases: RecordedCase[] = [];
  for (const { id, expected } of plans) {
    const file = join(RECORDED, view, `${id}.json.gz`);
    const recorded = await readFile(file).catch(() => undefined);
    if (recorded) cases.push({ id, expected, evidence: parseEvidence(gunzipSync(recorded).toString(), file) });
  }
  return cases;
}

/** A report to look at without a lab, in the place where reports go. */
async function sample(id: string): Promise<Readonly<Record<string, string>>> {
  const { planAll } = await import('./workflows/run/run.js');
  const { sampleReport } = await import('./docs/sample.js');
  const { parseEvidence } = await import('./evidence/file.js');
  const [plan] = await planAll([id]);
  const file = join(RECORDED, 'site', `${id}.json.gz`);
  const evidence = parseEvidence(gunzipSync(await readFile(file)).toString(), file);
  const files = plan ? sampleReport(plan, evidence) : {};
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [join('reports/sample', name), text]));
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    if ((await readFile(file, 'utf8').catch(() => '')) === content) continue;
    if (process.argv.includes('--check')) {
      process.stderr.write(`${file} is out of date: run "make generate".\n`);
      process.exitCode = 1;
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      process.stdout.write(`wrote ${file}\n`);
    }
  }
}

async function members(folder: string, others: readonly string[]): Promise<readonly Member[]> {
  return membersOf(await readdir(folder, { recursive: true }), others);
}
