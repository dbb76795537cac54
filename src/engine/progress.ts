import { createInterface } from 'node:readline';
import { DoctorError } from '../errors.js';

interface Line {
  readonly stream?: string;
  readonly error?: string;
  /** For programs, not for people. */
  readonly aux?: { readonly ID?: string };
}

/**
 * Reads a long task's progress to its end. Docker answers 200 first and says later that it failed.
 *
 * @returns id of the image that a build says it made; `undefined` when it says none
 */
export async function follow(
  progress: NodeJS.ReadableStream,
  onLine?: (line: string) => void,
): Promise<string | undefined> {
  let built: string | undefined;
  for await (const line of createInterface({ input: progress })) {
    if (!line) continue;
    const { stream, error, aux } = JSON.parse(line) as Line;
    if (error) throw new DoctorError('ENGINE_REFUSED', error);
    if (stream?.trim()) onLine?.(stream.trim());
    if (aux?.ID) built = aux.ID;
  }
  return built;
}
