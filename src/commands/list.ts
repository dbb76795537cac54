import { Argument, Command } from 'commander';
import { CAUSES } from '../diagnosis/causes/index.js';
import { FAULTS } from '../faults/index.js';
import { PROBES } from '../probes/index.js';
import { loadScenarios } from '../scenario/find.js';
import { jsonOption } from './options.js';
import { print, printJson } from './print.js';

interface Entry {
  readonly id: string;
  readonly title: string;
}

const KINDS: Readonly<Record<string, () => Promise<readonly Entry[]>>> = {
  scenarios: async () => (await loadScenarios([])).map(({ scenario: { id, title } }) => ({ id, title })),
  causes: () => Promise.resolve(CAUSES.map(({ id, title, kind, layer, hop }) => ({ id, title, kind, layer, hop }))),
  faults: () =>
    Promise.resolve(
      [...FAULTS.values()].map(({ id, title, needsDisposableHost }) => ({ id, title, needsDisposableHost })),
    ),
  probes: () => Promise.resolve(PROBES),
};

/** `ipvlan-doctor list [scenarios|causes|faults|probes]`. */
export function listCommand(): Command {
  return new Command('list')
    .description('list scenarios, causes, faults or probes')
    .addArgument(new Argument('[kind]', 'which').choices(Object.keys(KINDS)).default('scenarios'))
    .addOption(jsonOption())
    .action(async (kind: string, { json }: { json?: boolean }) => {
      const entries = (await KINDS[kind]?.()) ?? [];
      if (json) printJson(entries);
      else print(table(entries));
    });
}

function table(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ id }) => id.length));
  return entries.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join('');
}
