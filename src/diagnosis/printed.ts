import type { NodeFact } from '../evidence/facts.js';
import { UnsafeWord } from '../shell.js';
import { commandsFor, type Change } from './remedies/change.js';
import { routerCommands } from './remedies/router-commands.js';
import type { Command, Inconclusive, Remedy } from './cause.js';
import type { PrintedCommand, FoundRemedy, PrintedInconclusive } from './diagnosis.js';

/**
 * Remedies as they are printed, on a router in the words of what it runs; one that says nothing new then is left out. Where a
 * command cannot hold a name, the remedy stays, has no commands and says why.
 */
export function printedRemedies(remedies: readonly Remedy[], nodes: readonly NodeFact[]): readonly FoundRemedy[] {
  const all = remedies.map((remedy) => printedRemedy(remedy, nodes));
  if (nodes.every(({ software }) => software === undefined)) return all;
  const texts = all.map(({ commands }) => commands.map(({ run }) => run).join('\n'));
  return all.filter((_, at) => texts[at] === '' || texts.indexOf(texts[at] ?? '') === at);
}

function commandsOn(change: Change, nodes: readonly NodeFact[]) {
  const software = nodes.find(({ name }) => 'on' in change && name === change.on)?.software;
  return (software && routerCommands(software, change)) ?? commandsFor(change);
}

function printedRemedy({ title, use, changes }: Remedy, nodes: readonly NodeFact[]): FoundRemedy {
  const commands = unlessUnsafe(() => changes.flatMap((change) => commandsOn(change, nodes)).map(printed));
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
