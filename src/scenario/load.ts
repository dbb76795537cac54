import { basename } from 'node:path';
import { DoctorError } from '../errors.js';
import { Problems } from './problems.js';
import { scenarioJsonSchema, type ScenarioFile, scenarioSchema } from './schema/schema.js';
import { reportIssues, wording } from './schema/schema-problems.js';
import type { Source } from './source.js';
import { textOf } from './text-file.js';
import { readYaml } from './yaml-file.js';

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
  return parseScenario(await textOf(file), file);
}

/** {@link loadScenario} for text at hand; `file` is what its problems are reported under. */
export function parseScenario(text: string, file: string): LoadedScenario {
  const { source, value } = readYaml(text, file);
  const problems = new Problems(source);
  const scenario = checkForm(value, problems);
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

function checkForm(value: unknown, problems: Problems): ScenarioFile {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const what = value === null ? 'The file is empty' : 'The file is not a mapping';
    problems.add([], `${what}: a scenario begins with "id:", "title:", "networks:" and "containers:".`);
    problems.throwIfAny();
  }
  const parsed = scenarioSchema.safeParse(value, { error: wording });
  if (parsed.success) return parsed.data;
  reportIssues(parsed.error.issues, { value, schema: scenarioJsonSchema(), at: [] }, problems);
  problems.throwIfAny();
  throw new DoctorError('INTERNAL', `${problems.source.file} was rejected without a reason.`, { cause: parsed.error });
}
