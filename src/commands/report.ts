import { dirname } from 'node:path';
import { Command } from 'commander';
import { readResult } from '../report/json.js';
import { jsonOption, verboseOption } from './options.js';
import { reporterOption, tell, type TellFlags } from './tell.js';

/** `ipvlan-doctor report RESULT`: render a result again, with today's tool and any reporter. */
export function reportCommand(): Command {
  return new Command('report')
    .description('render a result again, in any format')
    .argument('<result>', 'a result.json, or the report directory it lies in')
    .option('-o, --output <dir>', 'directory to write the report to (default: beside the result)')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(reporterOption())
    .action(async (path: string, flags: TellFlags & { readonly output?: string }) => {
      const result = await readResult(path);
      await tell(result, flags.output ?? (path.endsWith('.json') ? dirname(path) : path), flags);
    });
}
