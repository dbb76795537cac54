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

/** `ipvlan-doctor matrix [NETWORK|CONTAINER…]`: connectivity between all containers, as a table. */
export function matrixCommand(): Command {
  const command = new Command('matrix')
    .description('test connectivity between all containers')
    .argument('[wanted...]', 'networks and containers (default: all IPvlan and macvlan networks)');
  return withReportOptions(command)
    .addOption(engineOption())
    .addOption(contextOption())
    .addOption(agentImageOption())
    .addOption(privilegedOption())
    .action(async (wanted: string[], flags: MatrixFlags) => {
      const { engine, context, agentImage, privileged } = flags;
      await reported(flags, (report) =>
        withProgress('Testing all pairs of containers', flags, (onStep) =>
          matrix({ ...report, engine, context, agentImage, privileged, wanted, signal: interruption(), onStep }),
        ),
      );
    });
}
