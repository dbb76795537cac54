import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Case } from './docs/confusion.js';

const RECORDED = 'test/replay/recorded';

const GENERATED = '// Generated from the files beside it by `make generate`.';

/**
 * Writes the generated files, or with `--check` only says which of them are no longer true. Run from the sources: the lists
 * of causes and faults come first, and only then what is read from them.
 */
await settle({
  'src/diagnosis/causes/index.ts': causesIndex(await members('src/diagnosis/causes', [])),
  'src/faults/index.ts': faultsIndex(await members('src/faults', ['fault', 'switch-filter'])),
});
await settle(await pages());

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
    'src/diagnosis/causes/CONFUSION.md': confusionPage(await recordedCases(), CAUSES),
    ...(await sample('article-first-attempt')),
  };
}

/** What the recorded runs yield, beside what their scenarios say. Scenarios that expect nothing in particular prove nothing. */
async function recordedCases(): Promise<readonly Case[]> {
  const { planAll } = await import('./workflows/run/run.js');
  const { diagnose } = await import('./diagnosis/diagnose.js');
  const { parseEvidence } = await import('./evidence/file.js');
  const plans = (await planAll([])).flatMap(({ id, diagnosis }) => (diagnosis ? [{ id, expected: diagnosis }] : []));
  const cases: Case[] = [];
  for (const { id, expected } of plans) {
    const file = join(RECORDED, `${id}.json.gz`);
    const recorded = await readFile(file).catch(() => undefined);
    if (!recorded) continue; // A test insists that there is one.
    const evidence = parseEvidence(gunzipSync(recorded).toString(), file);
    cases.push({ scenario: id, expected, found: diagnose(evidence).found.map(({ cause }) => cause.id) });
  }
  return cases;
}

/** A report to look at without a lab, in the place where reports go. */
async function sample(id: string): Promise<Readonly<Record<string, string>>> {
  const { planAll } = await import('./workflows/run/run.js');
  const { sampleReport } = await import('./docs/sample.js');
  const { parseEvidence } = await import('./evidence/file.js');
  const [plan] = await planAll([id]);
  const file = join(RECORDED, `${id}.json.gz`);
  const evidence = parseEvidence(gunzipSync(await readFile(file)).toString(), file);
  const files = plan ? sampleReport(plan, evidence) : {};
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [join('reports/sample', name), text]));
}

async function settle(files: Readonly<Record<string, string>>): Promise<void> {
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

/** A file of a catalogue: its id, and where it is, seen from the catalogue's folder. */
interface Member {
  readonly id: string;
  readonly file: string;
}

/** The files of a catalogue, by id. */
async function members(folder: string, others: readonly string[]): Promise<readonly Member[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  return files
    .map((file) => ({ id: basename(file, '.ts'), file }))
    .filter(({ id }) => id !== 'index' && !others.includes(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function causesIndex(causes: readonly Member[]): string {
  return [
    GENERATED,
    "import type { Cause } from '../cause.js';",
    ...causes.map(importLine),
    '',
    '/** Every cause the tool knows. */',
    'export const CAUSES: readonly Cause[] = [',
    ...causes.map(({ id }) => `  ${variable(id)},`),
    '];',
    '',
  ].join('\n');
}

function faultsIndex(faults: readonly Member[]): string {
  return [
    GENERATED,
    "import type { Fault } from './fault.js';",
    ...faults.map(importLine),
    '',
    '/** The catalogue of faults, by id. */',
    'export const FAULTS: ReadonlyMap<string, Fault> = new Map(',
    '  [',
    ...faults.map(({ id }) => `    ${variable(id)},`),
    '  ].map((fault) => [fault.id, fault]),',
    ');',
    '',
  ].join('\n');
}

function importLine({ id, file }: Member): string {
  return `import { ${variable(id)} } from './${file.replace(/\.ts$/, '.js')}';`;
}

/** `l3s-host-input` is exported as `l3sHostInput`. */
function variable(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
