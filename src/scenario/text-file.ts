import { readFile, stat } from 'node:fs/promises';
import { DoctorError, messageOf } from '../errors.js';

/** Far beyond any file that a person writes. */
const MOST_BYTES = 4 * 1_048_576;

/**
 * The text of a scenario or compose file; it may come through a pipe.
 *
 * @throws DoctorError `NOT_FOUND` when there is no such file, `SCENARIO_INVALID` when it cannot be read or is no text file
 */
export async function textOf(file: string): Promise<string> {
  try {
    const found = await stat(file);
    if (!found.isFile() && !found.isFIFO())
      throw new Error(found.isDirectory() ? 'it is a directory' : 'it is a device');
    if (found.size > MOST_BYTES) throw new Error(`it has ${found.size} bytes, and at most ${MOST_BYTES} are read`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) throw new DoctorError('NOT_FOUND', `There is no file ${file}.`, { cause });
    throw new DoctorError('SCENARIO_INVALID', `${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
