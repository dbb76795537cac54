import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { plain } from '../printable.js';
import { collectContainer } from '../workflows/bundle/collect-container.js';
import { collectBundle, type Collected } from '../workflows/bundle/collect.js';
import { newRunId } from '../workflows/run/run.js';
import { attachWishes, withAttachOptions, type AttachFlags } from './attach-options.js';
import { interruption } from './interruption.js';
import { withProgress } from './progress.js';
import { print } from './print.js';
import { privilegedOption, quietOption } from './options.js';
import { nearPath } from './where.js';

interface CollectFlags extends AttachFlags {
  readonly output: string;
  readonly redact?: boolean;
  readonly privileged: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** `ipvlan-doctor collect [REPORT|CONTAINER]`: everything another needs to find the same, as one file. */
export function collectCommand(): Command {
  const command = new Command('collect')
    .description('put evidence, result and captures into one file, for "analyze" on another machine')
    .argument(
      '[what]',
      'the report directory of a run, or a container to look at as "diagnose" does',
      'reports/latest',
    );
  return withAttachOptions(command)
    .addOption(
      new Option('-o, --output <file>', 'the file to write')
        .env('IPVLAN_DOCTOR_BUNDLE')
        .default('ipvlan-doctor.tar.gz'),
    )
    .addOption(
      new Option('--redact', 'replace addresses, names, MAC addresses and secrets by tokens').env(
        'IPVLAN_DOCTOR_REDACT',
      ),
    )
    .addOption(privilegedOption())
    .addOption(quietOption())
    .option('-v, --verbose', 'with --redact: what each token stands for; never part of the file')
    .action(async (what: string, flags: CollectFlags) => {
      const wish = { file: flags.output, redact: flags.redact ?? false };
      const live = (await isReport(what)) ? undefined : await lookedAt(what, flags, wish);
      const collected = live?.collected ?? (await collectBundle(what, wish));
      const lines = [
        ...(live?.result.scenarios.map(({ headline }) => plain(headline)) ?? []),
        ...summary(collected),
        ...(flags.verbose ? mapping(collected) : []),
      ];
      print(`${lines.join('\n')}\n`);
      if (live?.result.cleanup.state === 'incomplete') process.exitCode = live.result.run.exitCode;
    });
}

/** A path or a directory is a report: no container's name has a slash. */
async function isReport(what: string): Promise<boolean> {
  return what.includes('/') || ((await stat(what).catch(() => undefined))?.isDirectory() ?? false);
}

async function lookedAt(container: string, flags: CollectFlags, wish: Parameters<typeof collectContainer>[1]) {
  const wishes = { ...(await attachWishes(flags)), privileged: flags.privileged };
  return withProgress(`Looking at ${container}`, flags, (onStep) =>
    collectContainer({ ...wishes, runId: newRunId(), container, targets: [], signal: interruption(), onStep }, wish),
  );
}

function summary({ file, bytes, scenarios, captures, redaction }: Collected): readonly string[] {
  const size = bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
  const what = `Evidence of ${scenarios.map(plain).join(', ')}, and ${captures} captures.`;
  return [
    `${nearPath(file)} (${size})`,
    what,
    ...(redaction
      ? [
          `Replaced: ${redaction.replaced.map(({ kind, tokens }) => `${tokens.length} ${WORDS[kind] ?? `${kind}s`}`).join(', ')}.`,
          `Kept: ${(redaction.kept ?? []).join('; ')}.`,
          ...redaction.leftOut.map((one) => `Left out: ${plain(one)}.`),
        ]
      : ['Nothing was redacted: it names your addresses and containers. --redact replaces them.']),
  ];
}

const WORDS: Readonly<Record<string, string>> = { address: 'addresses', mac: 'MAC addresses', link: 'interface names' };

function mapping({ redaction }: Collected): readonly string[] {
  return [...(redaction?.tokens ?? [])].flatMap(([kind, tokens]) =>
    [...tokens].map(([original, token]) => `${kind}  ${plain(original)} → ${token}`),
  );
}
