import { main } from '../../src/commands/program.js';

/** What a command line prints on either stream, and the exit code it sets; run in this process. */
export async function printed(args: readonly string[]): Promise<{ readonly text: string; readonly exitCode: number }> {
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
    await main(args);
    return { text, exitCode: Number(process.exitCode ?? 0) };
  } finally {
    for (const undo of restore) undo();
    process.exitCode = before;
  }
}
