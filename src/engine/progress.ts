import { createInterface } from 'node:readline';
import { DoctorError } from '../errors.js';

/** Reads a long task's progress to its end. Docker answers 200 first and says later that it failed. */
export async function follow(progress: NodeJS.ReadableStream, onLine?: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: progress })) {
    if (!line) continue;
    const { stream, error } = JSON.parse(line) as { readonly stream?: string; readonly error?: string };
    if (error) throw new DoctorError('ENGINE_REFUSED', error);
    if (stream?.trim()) onLine?.(stream.trim());
  }
}
