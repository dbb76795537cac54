import { Command } from 'commander';
import type { Wish } from '../diagnosis/what-if/wish.js';
import { DoctorError } from '../errors.js';
import { diagnoseContainer } from '../workflows/attach/diagnose.js';
import { attachWishes, withAttachOptions, type AttachFlags } from './attach-options.js';
import { listenOption, listenWish, type ListenFlags } from './listen-wish.js';
import { privilegedOption, whatIfOption } from './options.js';
import { clientSaid, commandToPaste, withOtherSides, type OtherSidesFlags } from './other-sides.js';
import { parting } from './parting.js';
import { withProgress } from './progress.js';
import { reported, withReportOptions, type ReportFlags } from './reporting.js';

type DiagnoseFlags = AttachFlags &
  ReportFlags &
  ListenFlags &
  OtherSidesFlags & { readonly privileged: boolean; readonly whatIf?: readonly Wish[] };

/** `ipvlan-doctor diagnose CONTAINER [TARGET…]`: why a container that runs, or does not start, cannot reach its targets. */
export function diagnoseCommand(): Command {
  const command = new Command('diagnose')
    .description('find out why a container cannot reach its targets')
    .argument('[container]', 'its name or id')
    .argument(
      '[targets...]',
      'containers, addresses or names, each with an optional :PORT (default: siblings, router, internet)',
    );
  return withReportOptions(withOtherSides(withAttachOptions(command)))
    .addOption(privilegedOption())
    .addOption(listenOption())
    .addOption(whatIfOption())
    .action(async (container: string | undefined, targets: string[], flags: DiagnoseFlags) => {
      const toPaste = commandToPaste(container, flags);
      if (toPaste !== undefined) {
        process.stdout.write(`${toPaste}\n`);
        return;
      }
      if (container === undefined) throw new DoctorError('USAGE', 'Which container? "docker ps" lists them.');
      const { privileged, whatIf } = flags;
      const wishes = { ...(await attachWishes(flags)), client: await clientSaid(flags), privileged, whatIf };
      const { listen, signal } = listenWish(flags, targets);
      const result = await reported(flags, (report) =>
        withProgress(`Diagnosing ${container}`, { ...flags, lines: listen !== undefined }, (onStep) =>
          diagnoseContainer({ ...wishes, ...report, container, targets, listen, signal, onStep }),
        ),
      );
      const last = parting(result);
      if (!flags.json && last !== undefined) process.stdout.write(`${last}\n`);
    });
}
