import { Command, Option } from 'commander';
import { DoctorError } from '../errors.js';
import { isSubnet } from '../ip.js';
import type { NetworkPlan } from '../scenario/plan.js';
import { loadWanted, type WantedNetworks } from '../scenario/real-site.js';
import type { NetworkFile } from '../scenario/schema/schema.js';
import { wantedNetwork } from '../scenario/wanted-network.js';
import { newRunId } from '../workflows/run/run.js';
import { offlineView, validateOffline } from '../workflows/attach/validate-offline.js';
import { validate } from '../workflows/attach/validate.js';
import { attachWishes, withAttachOptions, type AttachFlags } from './attach-options.js';
import { interruption } from './interruption.js';
import { privilegedOption } from './options.js';
import { print, printError } from './print.js';
import { withProgress } from './progress.js';
import { reported, withReportOptions, type ReportFlags } from './reporting.js';

interface ValidateFlags extends AttachFlags, ReportFlags {
  readonly parent?: string;
  readonly driver: 'ipvlan' | 'macvlan';
  readonly mode?: NonNullable<NetworkFile['mode']>;
  readonly subnet: readonly string[];
  readonly gateway: readonly string[];
  readonly ipRange: readonly string[];
  readonly offline?: boolean;
  readonly evidence?: string;
  readonly privileged: boolean;
}

/** `ipvlan-doctor validate`: does this kernel, engine, parent, subnet and gateway work, before anything is deployed? */
export function validateCommand(): Command {
  const command = new Command('validate')
    .description('before a deployment: create the network with two containers, check what must work, remove it')
    .argument('[file]', 'a scenario with "site: real", or a compose file, instead of the flags')
    .option('--parent <interface>', "the host's interface, or a VLAN of it")
    .addOption(new Option('--driver <driver>').choices(['ipvlan', 'macvlan']).default('ipvlan'))
    .option('--mode <mode>', 'l2, l3, l3s; or bridge, vepa, private, passthru')
    .addOption(list('--subnet <subnet>', 'as docker network create takes it; may be given several times'))
    .addOption(list('--gateway <address>', 'likewise, one for each subnet in their order'))
    .addOption(list('--ip-range <range>', 'likewise'))
    .option('--offline', 'only check the file: create nothing, ask no engine')
    .option('--evidence <file>', 'with --offline: an evidence.json of the host to check against');
  return withReportOptions(withAttachOptions(command))
    .addOption(privilegedOption())
    .action(async (file: string | undefined, flags: ValidateFlags) => {
      if (flags.offline) return checkOffline(file, flags);
      const { networks, warnings } = await wantedBy(file, flags);
      const [network, ...others] = networks;
      if (!network) throw new DoctorError('USAGE', `${file} has no IPvlan or macvlan network.`);
      for (const warning of warnings) printError(`Warning: ${warning}\n`);
      if (flags.evidence !== undefined) throw new DoctorError('USAGE', '--evidence is for --offline.');
      for (const { name } of others)
        printError(`Warning: ${name} is not tried out: one network at a time, the first is ${network.name}.\n`);
      const wishes = { ...(await attachWishes(flags)), privileged: flags.privileged };
      await reported(flags, (report) =>
        withProgress(`Validating ${network.name}`, flags, (onStep) =>
          validate({ ...wishes, ...report, network, signal: interruption(), onStep }),
        ),
      );
    });
}

function wantedBy(file: string | undefined, flags: ValidateFlags): Promise<WantedNetworks> {
  if (file !== undefined) return loadWanted(file, process.env);
  return Promise.resolve({ id: 'trial', networks: [fromFlags(flags)], fixed: [], warnings: [] });
}

/** Nothing is created and no engine is asked: the file alone, and what a host's evidence says about it. */
async function checkOffline(file: string | undefined, flags: ValidateFlags): Promise<void> {
  const check = (runId: string) =>
    validateOffline({ runId, file, wanted: () => wantedBy(file, flags), evidence: flags.evidence });
  if (flags.json || flags.reporter?.length) {
    await reported(flags, ({ runId }) => check(runId));
    return;
  }
  const { error, problems, warnings, summary, exitCode } = offlineView(await check(newRunId()));
  if (error) throw error;
  for (const warning of warnings) printError(`Warning: ${warning}\n`);
  print(`${(problems.length > 0 ? problems : [summary]).join('\n')}\n`);
  process.exitCode = exitCode;
}

function fromFlags({ parent, driver, mode, subnet, gateway, ipRange }: ValidateFlags): NetworkPlan {
  const wrong = [...subnet, ...ipRange].find((text) => !isSubnet(text));
  if (wrong !== undefined) throw new DoctorError('USAGE', `${wrong} is no subnet such as 192.168.10.0/24.`);
  if (parent === undefined || subnet.length === 0) {
    throw new DoctorError('USAGE', 'What is to be validated? Give --parent and --subnet, or a file.', {
      hint: 'ipvlan-doctor validate --parent eth0 --mode l3 --subnet 192.168.10.0/24',
    });
  }
  return wantedNetwork({
    name: 'trial',
    driver,
    parent,
    ...(mode === undefined ? {} : { mode }),
    subnets: subnet.map((one, at) => ({
      subnet: one,
      ...(gateway[at] === undefined ? {} : { gateway: gateway[at] }),
      ...(ipRange[at] === undefined ? {} : { range: ipRange[at] }),
    })),
  });
}

function list(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([])
    .argParser((text: string, before: readonly string[]) => [...before, text]);
}
