import { Command } from 'commander';
import { collectGarbage } from '../workflows/gc.js';

/** `ipvlan-doctor gc`: finish what killed runs left behind. Exit code 6 when something is still left. */
export function gcCommand(): Command {
  return new Command('gc')
    .description('finish what a killed run left behind')
    .option('--json', 'print what was done as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const collected = await collectGarbage();
      if (collected.some(({ left }) => left.length > 0)) process.exitCode = 6;
      if (json) process.stdout.write(`${JSON.stringify({ runs: collected }, undefined, 2)}\n`);
      else if (collected.length === 0) process.stdout.write('Nothing was left behind.\n');
      for (const { run, undone, left } of json ? [] : collected) {
        process.stdout.write(`${run}: ${left.length === 0 ? 'cleaned up' : 'something is still left'}\n`);
        for (const what of undone) process.stdout.write(`  took back ${what}\n`);
        for (const what of left) process.stdout.write(`  still there: ${what}\n`);
      }
    });
}
