import { execa, type Options, type ResultPromise } from 'execa';
import { DoctorError } from './errors.js';

/** How a program is run. */
export interface ProcessOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with each line of output and error output as it appears, for progress. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. A non-zero `exitCode` is a result here; {@link runProgram} makes it an error. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end without a shell and returns how it ended.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` when the program does not exist, `INTERRUPTED` when `signal` aborted it.
 */
export async function attempt(program: string, args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  const child = start(program, args, {
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (options.onLine)
    await Promise.all([eachLine(child.stdout, options.onLine), eachLine(child.stderr, options.onLine)]);
  const result = await child;
  if (result.isCanceled) throw new DoctorError('INTERRUPTED', `${program} was interrupted.`);
  if (result.code === 'ENOENT') {
    throw new DoctorError('REQUIREMENT_MISSING', `${program} is not installed.`, {
      hint: 'On Debian or Ubuntu run "make setup"; elsewhere install it with your package manager.',
    });
  }
  const stderr = result.timedOut ? `${result.stderr}\ntimed out after ${options.timeoutMs} ms` : result.stderr;
  return { exitCode: result.exitCode ?? 255, stdout: result.stdout, stderr };
}

/**
 * Like {@link attempt}, and a program that ends badly is an error that carries the last lines it printed.
 *
 * @returns its standard output
 * @throws DoctorError `REQUIREMENT_MISSING`
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(program, args, options);
  if (exitCode === 0) return stdout;
  const said = (stderr || stdout).trim().split('\n').slice(-5).join('\n');
  throw new DoctorError('REQUIREMENT_MISSING', `${program} ended with exit code ${exitCode}: ${said}`);
}

type ProgramOptions = Pick<
  Options,
  'stdin' | 'input' | 'cwd' | 'env' | 'timeout' | 'cancelSignal' | 'detached' | 'cleanup' | 'buffer'
> & {
  readonly stdio?: Options['stdio'];
};
type Program = ResultPromise<{ reject: false }>;

/** Starts a program and returns while it runs: for what outlives a call, such as a machine or an ssh connection. */
export function start(program: string, args: readonly string[], options: ProgramOptions = {}): Program {
  return execa(program, [...args], { ...options, reject: false }) as unknown as Program;
}

async function eachLine(stream: Program['stdout'] | null, onLine: (line: string) => void): Promise<void> {
  if (!stream) return;
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    lines.filter(Boolean).forEach(onLine);
  }
  if (rest) onLine(rest);
}
