import { quote } from '../shell.js';
import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { plain } from '../printable.js';
import { collectGarbage, type CleanedUpRun } from '../workflows/gc/gc.js';
import { jsonOption } from './options.js';
import { print, printJson } from './print.js';

interface GcFlags {
  readonly engine?: string;
  readonly run?: string;
  readonly orphans?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `ipvlan-doctor gc`: clean up after interrupted runs. Exit code 6 when something is still left. */
export function gcCommand(): Command {
  return new Command('gc')
    .description('clean up after interrupted runs')
    .addOption(new Option('--engine <engine>', 'only what is left on this engine (default: on all)'))
    .addOption(new Option('--run <id>', 'only this run, even when it was kept on request'))
    .option('--orphans', 'with --engine: also objects of ours that no journal on this machine names')
    .option('--dry-run', 'only print what would be removed')
    .addOption(jsonOption())
    .action(async ({ engine, run, orphans = false, dryRun = false, json = false }: GcFlags) => {
      const confirm = json ? () => Promise.resolve(false) : askOnTerminal;
      const collected = await collectGarbage({ engine, run, orphans, dryRun, confirm });
      if (collected.some(({ left }) => left.length > 0)) process.exitCode = 6;
      if (json) printJson({ runs: collected });
      else print(collected.length === 0 ? 'Nothing to clean up.\n' : collected.map(told).join(''));
    });
}

const HEADINGS = {
  'cleaned up': 'cleaned up',
  left: 'something is still left',
  kept: 'kept on request',
  planned: 'would be cleaned up',
} as const;

function told({ run, engine, outcome, undone, left }: CleanedUpRun): string {
  const did = outcome === 'planned' ? 'would remove' : 'removed';
  return [
    `${run}${engine === undefined ? '' : ` on ${engine}`}: ${HEADINGS[outcome]}`,
    ...undone.map((what) => `  ${did} ${what}`),
    ...left.map((what) => `  still there: ${what}`),
    ...(outcome === 'kept' ? [`  "ipvlan-doctor gc --run ${quote(run)}" cleans it up`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** @returns false where there is no terminal to ask on */
async function askOnTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${plain(question)} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
