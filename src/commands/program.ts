import { Command, CommanderError } from 'commander';
import { analyzeCommand } from './analyze.js';
import { collectCommand } from './collect.js';
import { diagnoseCommand } from './diagnose.js';
import { diffCommand } from './diff.js';
import { readEnvironment } from './environment.js';
import { explainCommand } from './explain.js';
import { gcCommand } from './gc.js';
import { labCommand } from './lab.js';
import { listCommand } from './list.js';
import { matrixCommand } from './matrix.js';
import { preflightCommand } from './preflight.js';
import { print, printError } from './print.js';
import { reportCommand } from './report.js';
import { runCommand } from './run.js';
import { schemaCommand } from './schema.js';
import { validateCommand } from './validate.js';
import { DoctorError } from '../errors.js';
import { TOOL } from '../version.js';

/** The whole command line: every verb with its flags. */
export function program(): Command {
  const whole = new Command(TOOL.name)
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
  // Usage errors end with 2, as documented; commander's own 1 means "causes found" here. What it prints repeats what was typed.
  for (const command of everyCommand(whole))
    command.exitOverride().configureOutput({ writeOut: print, writeErr: printError });
  return whole;
}

/** A command and all below it. */
export function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** Does what the arguments and the environment say, and sets the process's exit code. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const whole = program();
    everyCommand(whole).forEach((command) => readEnvironment(command, process.env));
    await whole.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DoctorError) {
    printError(`${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
    return error.exitCode;
  }
  const what = error instanceof Error ? error.stack : String(error);
  printError(`This is a defect of ${TOOL.name}, please report it:\n${what}\n`);
  return 70;
}
