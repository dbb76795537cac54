import { InvalidArgumentError, Option } from 'commander';
import { DoctorError } from '../errors.js';
import { resultJson } from '../report/json.js';
import { parseReporter, printsItself, report, type ReporterWish } from '../report/reporters.js';
import type { Result } from '../report/result.js';
import { renderTerminal } from '../report/terminal.js';
import { writeReport } from '../report/write.js';
import { printError } from './print.js';
import { reportLine } from './where.js';

/** Flags of every verb that has a result to tell. */
export interface TellFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly reporter?: readonly ReporterWish[];
}

export function reporterOption(): Option {
  const what = 'further reporter, repeatable: json, html, terminal, junit, markdown, sarif, github, tap';
  return new Option('--reporter <name[:path]>', what)
    .env('IPVLAN_DOCTOR_REPORTER')
    .argParser((text: string, before: readonly ReporterWish[] | undefined) => [...(before ?? []), reporterOf(text)]);
}

function reporterOf(text: string): ReporterWish {
  try {
    return parseReporter(text);
  } catch (error) {
    if (error instanceof DoctorError) throw new InvalidArgumentError(`${error.message} ${error.hint ?? ''}`);
    throw error;
  }
}

/**
 * Writes a report, lets the reporters tell it as well, and prints what is asked for: JSON alone, the terminal's view, or only
 * what a reporter prints itself. What cannot be written is said on standard error, and the rest is still printed; the exit code says
 * it where the run's own is 0.
 */
export async function tell(result: Result, directory: string, flags: TellFlags): Promise<void> {
  const written = await writeReport(result, directory).catch(problemOf);
  const { json, verbose, reporter = [] } = flags;
  const view = { columns: terminalColumns(process.stdout, process.env), verbose: verbose ?? false };
  const problems = await report(result, reporter, {
    directory,
    view,
    stepSummary: process.env['GITHUB_STEP_SUMMARY'],
    // With --json, standard output is JSON alone.
    print(text) {
      (json ? process.stderr : process.stdout).write(text);
    },
  });
  for (const problem of written instanceof DoctorError ? [written, ...problems] : problems) admit(problem);
  if (json) process.stdout.write(resultJson(result));
  else if (!reporter.some(printsItself)) {
    const line = written instanceof DoctorError ? '' : reportLine(written.html);
    process.stdout.write(`${renderTerminal(result, view)}${line}`);
  }
}

/** Only problems with files are told here; a defect ends the command. */
function problemOf(error: unknown): DoctorError {
  if (error instanceof DoctorError) return error;
  throw error;
}

function admit({ message, hint, exitCode }: DoctorError): void {
  printError(`${message}\n${hint === undefined ? '' : `${hint}\n`}`);
  process.exitCode ||= exitCode;
}

/** How wide a report is: as its terminal, else as `COLUMNS` says, else 100. */
export function terminalColumns({ columns }: { readonly columns?: number }, { COLUMNS }: NodeJS.ProcessEnv): number {
  return columns || (/^[1-9]\d{0,4}$/.test(COLUMNS ?? '') ? Number(COLUMNS) : 100);
}
