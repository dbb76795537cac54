import { Command } from 'commander';
import { collectGarbage } from '../workflows/gc.js';
import { jsonOption } from './options.js';
import { print, printJson } from './print.js';

/** `ipvlan-doctor gc`: finish what killed runs left behind. Exit code 6 when something is still left. */
export function gcCommand(): Command {
  return new Command('gc')
    .description('finish what a killed run left behind')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const collected = await collectGarbage();
      if (collected.some(({ left }) => left.length > 0)) process.exitCode = 6;
      if (json) printJson({ runs: collected });
      else if (collected.length === 0) print('Nothing was left behind.\n');
      for (const { run, undone, left } of json ? [] : collected) {
        print(`${run}: ${left.length === 0 ? 'cleaned up' : 'something is still left'}\n`);
        for (const what of undone) print(`  took back ${what}\n`);
        for (const what of left) print(`  still there: ${what}\n`);
      }
    });
}
