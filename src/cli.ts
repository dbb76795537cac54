#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { analyzeCommand } from './commands/analyze.js';
import { collectCommand } from './commands/collect.js';
import { diagnoseCommand } from './commands/diagnose.js';
import { diffCommand } from './commands/diff.js';
import { explainCommand } from './commands/explain.js';
import { gcCommand } from './commands/gc.js';
import { labCommand } from './commands/lab.js';
import { listCommand } from './commands/list.js';
import { matrixCommand } from './commands/matrix.js';
import { preflightCommand } from './commands/preflight.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { validateCommand } from './commands/validate.js';
import { DoctorError } from './errors.js';
import { TOOL } from './version.js';

const program = new Command(TOOL.name)
  .description('Why can this IPvlan container not reach that, and what fixes it?')
  .version(TOOL.version)
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .addCommand(runCommand())
  .addCommand(diagnoseCommand())
  .addCommand(explainCommand())
  .addCommand(listCommand())
  .addCommand(reportCommand())
  .addCommand(diffCommand())
  .addCommand(collectCommand())
  .addCommand(analyzeCommand())
  .addCommand(matrixCommand())
  .addCommand(preflightCommand())
  .addCommand(labCommand())
  .addCommand(gcCommand())
  .addCommand(schemaCommand())
  .addCommand(validateCommand());

exitWithCodes(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Usage errors end with 2, as documented; commander's own 1 means "causes found" here. */
function exitWithCodes(command: Command): void {
  command.exitOverride();
  command.commands.forEach(exitWithCodes);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DoctorError) {
    process.stderr.write(`${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
    return error.exitCode;
  }
  process.stderr.write(
    `This is a defect of ${TOOL.name}, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 70;
}
