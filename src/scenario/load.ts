import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { DoctorError, messageOf } from '../errors.js';
import { Problems } from './problems.js';
import { scenarioJsonSchema, type ScenarioFile, scenarioSchema } from './schema.js';
import { reportIssues, wording } from './schema-problems.js';
import { type Source, yamlSource } from './source.js';

/** A scenario file that is well-formed. Whether it makes sense is for `planScenario` to say. */
export interface LoadedScenario {
  readonly scenario: ScenarioFile;
  readonly source: Source;
}

/**
 * Reads one scenario file.
 *
 * @throws DoctorError NOT_FOUND when there is no such file, SCENARIO_INVALID with every problem of its form
 */
export async function loadScenario(file: string): Promise<LoadedScenario> {
  return parseScenario(await read(file), file);
}

/** {@link loadScenario} for text at hand; `file` is what its problems are reported under. */
export function parseScenario(text: string, file: string): LoadedScenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source = yamlSource(file, document, lines);
  const problems = new Problems(source);
  for (const { pos, message } of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(pos[0]);
    problems.addAt({ line, column: col }, `This is not YAML as it should be: ${firstLine(message)}`);
  }
  problems.throwIfAny();
  const scenario = checkForm(plainValue(document, problems), problems);
  const stem = basename(file).replace(/\.ya?ml$/, '');
  if (scenario.id !== stem) {
    problems.add(
      ['id'],
      `The id must equal the file's name: write "id: ${stem}", or rename the file ${scenario.id}.yaml.`,
    );
  }
  problems.throwIfAny();
  return { scenario, source };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) throw new DoctorError('NOT_FOUND', `There is no file ${file}.`, { cause });
    throw new DoctorError('SCENARIO_INVALID', `${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function plainValue(document: Document, problems: Problems): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.add([], `This is not YAML as it should be: ${messageOf(error)}.`);
    return undefined;
  }
}

function checkForm(value: unknown, problems: Problems): ScenarioFile {
  problems.throwIfAny();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const what = value === null ? 'The file is empty' : 'The file is not a mapping';
    problems.add([], `${what}: a scenario begins with "id:", "title:", "networks:" and "containers:".`);
    problems.throwIfAny();
  }
  const parsed = scenarioSchema.safeParse(value, { error: wording });
  if (parsed.success) return parsed.data;
  reportIssues(parsed.error.issues, { value, schema: scenarioJsonSchema(), at: [] }, problems);
  problems.throwIfAny();
  throw new DoctorError('INTERNAL', `${problems.source.file} was refused without a reason.`, { cause: parsed.error });
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/[.:]?$/, '.');
}
