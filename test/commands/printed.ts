import { main } from '../../src/commands/program.js';

interface Printed {
  readonly text: string;
  readonly exitCode: number;
}

/** What a command line prints on either stream, and the exit code it sets; run in this process. */
export function printed(args: readonly string[]): Promise<Printed> {
  return captured(() => main(args));
}

/** What some work prints on either stream, and the exit code it sets. */
export async function captured(work: () => Promise<unknown>): Promise<Printed> {
  const before = process.exitCode;
  let text = '';
  const keep = ((chunk: string) => Boolean((text += chunk))) as typeof process.stdout.write;
  const restore = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    stream.write = keep;
    return () => (stream.write = write);
  });
  process.exitCode = undefined;
  try {
    await work();
    return { text, exitCode: process.exitCode ?? 0 };
  } finally {
    for (const undo of restore) undo();
    process.exitCode = before;
  }
}
