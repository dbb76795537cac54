import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import type { Release } from '../lab/guest.js';
import type { Result } from '../report/result.js';
import { renderScenarioLine } from '../report/terminal.js';
import { KEEPS, type Keep } from '../workflows/run/keep.js';
import { planAll, run } from '../workflows/run/run.js';
import {
  agentImageOption,
  attemptsOption,
  contextOption,
  engineOption,
  releaseOption,
  timeoutOption,
  wholeNumber,
} from './options.js';
import { printError } from './print.js';
import { withProgress } from './progress.js';
import { interruption, withDeadline } from './interruption.js';
import { reported, withReportOptions, type ReportFlags } from './reporting.js';
import { grepInvertOption, grepOption, selected, type SelectionFlags } from './selection.js';

interface RunFlags extends ReportFlags, SelectionFlags {
  /** In milliseconds. */
  readonly timeout?: number;
  readonly engine: string;
  readonly context?: string;
  readonly agentImage?: string;
  readonly jobs: number;
  readonly attempts?: number;
  readonly release: Release;
  readonly allowHostChanges?: boolean;
  readonly keep: Keep;
}

/** Run without arguments: the article, its reader's comment, and other common situations. */
const ARTICLE = [
  'article-first-attempt',
  'article-second-attempt',
  'article-lan-to-container',
  'comment-gateway-does-not-nat',
  'comment-host-kill-switch',
  'comment-default-route-by-another-interface',
  'comment-host-masquerade',
  'l2-healthy',
  'l2-wrong-gateway',
  'l2-host-to-own-container',
  'parent-down',
  'uplink-down',
];

/** `ipvlan-doctor run [FILE|DIR|ID…]`: create the topology, inject the fault, check, diagnose, verify the fix, clean up. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('run scenarios: create the topology, inject the fault, check, diagnose, verify the fix, clean up')
    .argument('[scenarios...]', 'scenario files, directories or ids (default: those of the article)');
  return withReportOptions(command)
    .addOption(engineOption())
    .addOption(contextOption())
    .addOption(agentImageOption())
    .addOption(releaseOption())
    .addOption(grepOption())
    .addOption(grepInvertOption())
    .addOption(timeoutOption())
    .addOption(attemptsOption())
    .addOption(jobsOption())
    .addOption(hostChangesOption())
    .addOption(keepOption())
    .action(runScenarios);
}

function jobsOption(): Option {
  return new Option('-j, --jobs <number>', 'labs to work in at the same time, when the run starts its own')
    .env('IPVLAN_DOCTOR_JOBS')
    .argParser(wholeNumber)
    .default(Math.min(2, availableParallelism()), 'one for each processor, two at most');
}

function hostChangesOption(): Option {
  return new Option('--allow-host-changes', 'let faults change this host globally').env(
    'IPVLAN_DOCTOR_ALLOW_HOST_CHANGES',
  );
}

function keepOption(): Option {
  return new Option(
    '--keep <when>',
    'which scenario to keep, with its faults: the first, the first that fails, or none; "gc --run ID" removes it',
  )
    .choices(KEEPS)
    .env('IPVLAN_DOCTOR_KEEP')
    .default('never');
}

async function runScenarios(scenarios: readonly string[], flags: RunFlags): Promise<void> {
  // Reject invalid scenarios before a directory is created.
  const plans = selected(await planAll(scenarios.length > 0 ? scenarios : ARTICLE), flags);
  if (plans.length === 0) {
    printError('No scenario is left: --grep and --grep-invert select none.\n');
    process.exitCode = 5;
    return;
  }
  const wanted = plans.map(({ file, id }) => file ?? id);
  await reported(flags, (report) => runWithProgress(wanted, report, flags));
}

function runWithProgress(
  scenarios: readonly string[],
  report: { readonly runId: string; readonly directory: string },
  flags: RunFlags,
): Promise<Result> {
  const title = `Running ${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}`;
  return withProgress(title, flags, (onStep) => {
    return run({
      ...report,
      scenarios,
      engine: flags.engine,
      context: flags.context,
      agentImage: flags.agentImage,
      allowHostChanges: flags.allowHostChanges ?? false,
      jobs: flags.jobs,
      attempts: flags.attempts,
      release: flags.release,
      keep: flags.keep,
      signal: withDeadline(interruption(), flags.timeout),
      onStep,
      onScenario: (scenario) => onStep(renderScenarioLine(scenario)),
    });
  });
}
