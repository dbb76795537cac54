import { UnsafeWord } from '../shell.js';
import { commandsFor } from './remedies/change.js';
import type { Command, Inconclusive, Remedy } from './cause.js';
import type { PrintedCommand, FoundRemedy, PrintedInconclusive } from './diagnosis.js';

/** A remedy as it is printed. Where a command cannot hold a name, the remedy stays, has no commands and says why. */
export function printedRemedy({ title, use, changes }: Remedy): FoundRemedy {
  const commands = unlessUnsafe(() => changes.flatMap(commandsFor).map(printed));
  return commands instanceof UnsafeWord
    ? { use: 'advice', title: `${title}. ${whyNone(commands)}`, commands: [], changes }
    : { title, use, commands, changes };
}

/** The same for the test that would decide. */
export function printedInconclusive({ test, ...ruling }: Inconclusive): PrintedInconclusive {
  const command = test && unlessUnsafe(() => printed(test));
  return command instanceof UnsafeWord
    ? { ...ruling, missing: `${ruling.missing}. ${whyNone(command)}`, test: undefined }
    : { ...ruling, test: command };
}

/** An undo with a placeholder is left out: what is filled in wrong there takes away something else. */
function printed({ on, run, undo }: Command): PrintedCommand {
  return { on, run: run.text, undo: undo?.placeholders.length === 0 ? undo.text : undefined };
}

function unlessUnsafe<Made>(make: () => Made): Made | UnsafeWord {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnsafeWord) return error;
    throw error;
  }
}

function whyNone({ message }: UnsafeWord): string {
  return `No command is printed, because ${message}. Rename it, or make the change by hand`;
}
