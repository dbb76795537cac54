import { Command, Option } from 'commander';
import { plain } from '../report/words.js';
import { collect, type Collected } from '../workflows/collect.js';
import { nearPath } from './where.js';

interface CollectFlags {
  readonly output: string;
  readonly redact?: boolean;
  readonly verbose?: boolean;
}

/** `ipvlan-doctor collect [RESULT-DIR]`: everything another needs to find the same, as one file. */
export function collectCommand(): Command {
  return new Command('collect')
    .description('put the evidence, result and captures of a run into one file, for "analyze" on another machine')
    .argument('[report]', 'the report directory of a run', 'reports/latest')
    .addOption(
      new Option('-o, --output <file>', 'the file to write')
        .env('IPVLAN_DOCTOR_BUNDLE')
        .default('ipvlan-doctor.tar.gz'),
    )
    .addOption(
      new Option('--redact', 'replace addresses, names, hardware addresses and secrets by tokens').env(
        'IPVLAN_DOCTOR_REDACT',
      ),
    )
    .option('-v, --verbose', 'with --redact: what each token stands for; never part of the file')
    .action(async (report: string, { output, redact, verbose }: CollectFlags) => {
      const collected = await collect(report, { file: output, redact: redact ?? false });
      process.stdout.write(`${[...summary(collected), ...(verbose ? mapping(collected) : [])].join('\n')}\n`);
    });
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
          'Kept: which addresses share a subnet, whether they are private or public, hardware vendors, interface names.',
          ...redaction.leftOut.map((one) => `Left out: ${plain(one)}.`),
        ]
      : ['Nothing was redacted: it names your addresses and containers. --redact replaces them.']),
  ];
}

const WORDS: Readonly<Record<string, string>> = { address: 'addresses', mac: 'hardware addresses' };

function mapping({ redaction }: Collected): readonly string[] {
  return [...(redaction?.tokens ?? [])].flatMap(([kind, tokens]) =>
    [...tokens].map(([original, token]) => `${kind}  ${plain(original)} → ${token}`),
  );
}
