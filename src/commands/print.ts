import { json, plainLines } from '../printable.js';

/** Prints lines for people, of which any part may be foreign. What has colours of ours makes its foreign parts plain by itself. */
export function print(text: string): void {
  process.stdout.write(plainLines(text));
}

/** Like {@link print}, beside the result: what went wrong, and progress. */
export function printError(text: string): void {
  process.stderr.write(plainLines(text));
}

export function printJson(data: unknown): void {
  process.stdout.write(json(data));
}
