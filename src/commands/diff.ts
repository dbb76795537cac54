import { Command } from 'commander';
import { differences, renderDifferences } from '../report/diff.js';
import { readResult } from '../report/json.js';
import { jsonOption } from './options.js';
import { print, printJson } from './print.js';

/** `ipvlan-doctor diff A B`: what changed between two results. Exit code 0 when nothing did, else 1. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('show what changed between two results: verdicts, causes, checks')
    .argument('<before>', 'a result.json, or the report directory it lies in')
    .argument('<after>', 'the other')
    .addOption(jsonOption())
    .action(async (before: string, after: string, { json }: { json?: boolean }) => {
      const changed = differences(await readResult(before), await readResult(after));
      if (json) printJson(changed);
      else print(renderDifferences(changed));
      if (changed.length > 0) process.exitCode = 1;
    });
}
