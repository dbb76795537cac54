import { Command } from 'commander';
import { matrix } from '../workflows/attach/matrix.js';
import { interruption } from './interruption.js';
import { agentImageOption, contextOption, engineOption, privilegedOption } from './options.js';
import { withProgress } from './progress.js';
import { reported, withReportOptions, type ReportFlags } from './reporting.js';

interface MatrixFlags extends ReportFlags {
  readonly engine: string;
  readonly context?: string;
  readonly agentImage?: string;
  readonly privileged: boolean;
}

/** `ipvlan-doctor matrix [NETWORK|CONTAINER…]`: everyone to everyone, as a table. */
export function matrixCommand(): Command {
  const command = new Command('matrix')
    .description('everyone to everyone: which containers reach which')
    .argument('[wanted...]', 'networks and containers; all IPvlan and macvlan networks when absent');
  return withReportOptions(command)
    .addOption(engineOption())
    .addOption(contextOption())
    .addOption(agentImageOption())
    .addOption(privilegedOption())
    .action(async (wanted: string[], flags: MatrixFlags) => {
      const { engine, context, agentImage, privileged } = flags;
      await reported(flags, (report) =>
        withProgress('Asking everyone from everyone', flags, (onStep) =>
          matrix({ ...report, engine, context, agentImage, privileged, wanted, signal: interruption(), onStep }),
        ),
      );
    });
}
