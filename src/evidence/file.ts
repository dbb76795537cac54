import { readFile } from 'node:fs/promises';
import { DoctorError, messageOf } from '../errors.js';
import { EVIDENCE_VERSION, type Evidence } from './evidence.js';
import { completed } from './older.js';
import { evidenceSchema } from './schema.js';

/** Evidence as it is written: facts under their names, so that a person can look at it too. */
export function evidenceJson(evidence: Evidence): string {
  return `${JSON.stringify(evidence, undefined, 1)}\n`;
}

/**
 * Reads an evidence file of this major version. The file is untrusted: what it returns was checked against the schema.
 *
 * @throws DoctorError `INPUT_INVALID` saying what is wrong with it, and where
 */
export async function readEvidence(file: string): Promise<Evidence> {
  try {
    return parseEvidence(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof DoctorError) throw error;
    throw new DoctorError('INPUT_INVALID', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Like {@link readEvidence}, from the text of a file.
 *
 * @param source what the text came from, for the error message: a file's name
 */
export function parseEvidence(text: string, source: string): Evidence {
  const value = parseJson(text, source);
  checkVersion(value, source);
  const parsed = evidenceSchema.safeParse(value);
  if (parsed.success) return completed(parsed.data as Evidence); // An absent key and one that is undefined mean the same here.
  const [problem] = parsed.error.issues;
  const where = problem?.path.length ? problem.path.join('.') : 'the file';
  throw new DoctorError('INPUT_INVALID', `${source}: ${where}: ${problem?.message ?? 'is not as it should be'}.`, {
    hint: 'The file may have been edited or cut short. Run the scenario again to collect new evidence.',
  });
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DoctorError('INPUT_INVALID', `${source} is not JSON: ${messageOf(cause)}.`, { cause });
  }
}

function checkVersion(value: unknown, source: string): void {
  const { schemaVersion: version } = (typeof value === 'object' ? (value ?? {}) : {}) as { schemaVersion?: unknown };
  if (typeof version !== 'string') {
    throw new DoctorError('INPUT_INVALID', `${source} is not evidence: it has no schemaVersion.`, {
      hint: 'Evidence files are called evidence.json and lie in the report directory of a run.',
    });
  }
  if (version.split('.')[0] === EVIDENCE_VERSION.split('.')[0]) return;
  throw new DoctorError('INPUT_INVALID', `${source} is of version ${version}; this tool reads ${EVIDENCE_VERSION}.`, {
    hint: 'Use the version of ipvlan-doctor that wrote it, or run the scenario again with this one.',
  });
}
