import { join } from 'node:path';
import type { Command } from 'commander';
import { messageOf } from '../errors.js';
import type { Result } from '../report/result.js';
import { pointLatest } from '../report/write.js';
import { newRunId } from '../workflows/run/run.js';
import { jsonOption, outputOption, quietOption, verboseOption } from './options.js';
import { printError } from './print.js';
import { reporterOption, tell, type TellFlags } from './tell.js';
import { prepareDirectory } from './where.js';

/** How a verb that ends in a result is to tell it. */
export interface ReportFlags extends TellFlags {
  readonly output: string;
  readonly quiet?: boolean;
}

/** Adds the flags of {@link ReportFlags}. */
export function withReportOptions(command: Command): Command {
  return command
    .addOption(outputOption())
    .addOption(jsonOption())
    .addOption(quietOption())
    .addOption(verboseOption())
    .addOption(reporterOption());
}

/** Makes the report directory, does the work, writes the report, tells it, and sets the exit code. */
export async function reported(
  flags: ReportFlags,
  work: (report: { readonly runId: string; readonly directory: string }) => Promise<Result>,
): Promise<Result> {
  const runId = newRunId();
  const directory = join(flags.output, runId);
  await prepareDirectory(directory);
  const result = await work({ runId, directory });
  process.exitCode = result.run.exitCode;
  await tell(result, directory, flags);
  await pointLatest(directory).catch((error: unknown) => printError(`${messageOf(error)}\n`));
  return result;
}
