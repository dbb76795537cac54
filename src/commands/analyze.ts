import { Command } from 'commander';
import { analyze } from '../workflows/bundle/analyze.js';
import { readBundle, unpackBundle } from '../workflows/bundle/collect.js';
import type { Wish } from '../diagnosis/what-if/wish.js';
import { whatIfOption } from './options.js';
import { reported, withReportOptions, type ReportFlags } from './reporting.js';

type AnalyzeFlags = ReportFlags & { readonly whatIf?: readonly Wish[] };

/** `ipvlan-doctor analyze BUNDLE`: the diagnosis of a bundle, anywhere and without Docker. */
export function analyzeCommand(): Command {
  const command = new Command('analyze')
    .description('diagnose a bundle that "collect" wrote, on any machine and without Docker')
    .argument('<bundle>', 'a .tar.gz');
  return withReportOptions(command)
    .addOption(whatIfOption())
    .action(async (file: string, flags: AnalyzeFlags) => {
      const bundle = await readBundle(file);
      await reported(flags, async ({ runId, directory }) => {
        await unpackBundle(bundle, directory);
        return analyze(bundle, runId, flags.whatIf);
      });
    });
}
