import { Command, Option } from 'commander';
import { DoctorError } from '../errors.js';
import type { Release } from '../lab/guest.js';
import { labImage } from '../lab/image.js';
import { DEFAULT_NAME, findLab, listLabs, resetLab, startLab, type Lab } from '../lab/lab.js';
import { quote } from '../shell.js';
import { interruption } from './interruption.js';
import { jsonOption, releaseOption } from './options.js';
import { print, printJson } from './print.js';
import { withProgress } from './progress.js';

interface LabFlags {
  readonly name: string;
  readonly release: Release;
  readonly json?: boolean;
}

/** `ipvlan-doctor lab …`: the disposable Docker host. */
export function labCommand(): Command {
  return new Command('lab')
    .enablePositionalOptions()
    .description('manage the lab, a disposable Docker host: a small machine with a kernel that has IPvlan')
    .addCommand(verb('build', 'build the lab’s image if the cache has none', build).addOption(releaseOption()))
    .addCommand(verb('up', 'start a lab and leave it running', up).addOption(releaseOption()).addOption(nameOption()))
    .addCommand(verb('down', 'end a lab', async (flags) => (await existing(flags.name)).stop()).addOption(nameOption()))
    .addCommand(verb('status', 'list the labs that run', status).addOption(jsonOption()))
    .addCommand(verb('reset', 'reset a lab to its clean state', reset).addOption(nameOption()))
    .addCommand(
      verb('env', 'print the variables that point a Docker client at a lab', printEnvironment).addOption(nameOption()),
    )
    .addCommand(
      new Command('exec')
        .description('run a command in a lab, beside Docker')
        .addOption(nameOption())
        .argument('<command...>', 'program and arguments')
        .passThroughOptions()
        .action((command: string[], { name }: LabFlags) => exec(name, command)),
    );
}

function verb(name: string, description: string, action: (flags: LabFlags) => Promise<void>): Command {
  return new Command(name).description(description).action(action);
}

function nameOption(): Option {
  return new Option('--name <name>', 'which lab').env('IPVLAN_DOCTOR_LAB').default(DEFAULT_NAME);
}

async function build({ release }: LabFlags): Promise<void> {
  const { directory } = await withProgress(`Building the ${release} lab`, {}, (onStep) =>
    labImage({ release, onStep, signal: interruption() }),
  );
  print(`The ${release} lab is ready: ${directory}\n`);
}

async function up({ name, release }: LabFlags): Promise<void> {
  const lab = await withProgress(`Starting the ${release} lab`, {}, (onStep) =>
    startLab({ name, release, private: false, onStep, signal: interruption() }),
  );
  print(`${line(lab)}\nPoint a Docker client at it: eval "$(ipvlan-doctor lab env --name ${quote(name)})"\n`);
}

async function status({ json }: LabFlags): Promise<void> {
  const labs = await listLabs();
  const records = labs.map(({ record }) => record);
  if (json) printJson({ labs: records });
  else print(labs.length === 0 ? 'No lab is up.\n' : labs.map((lab) => `${line(lab)}\n`).join(''));
}

async function reset({ name }: LabFlags): Promise<void> {
  const lab = await existing(name);
  await withProgress(`Resetting ${name}`, {}, (onStep) => resetLab(lab, { onStep }));
  print(`${name} is as it was when it was built.\n`);
}

async function printEnvironment({ name }: LabFlags): Promise<void> {
  const { env } = await existing(name);
  for (const [variable, value] of Object.entries(env)) print(`export ${variable}=${quote(value)}\n`);
}

async function exec(name: string, command: readonly string[]): Promise<void> {
  const script = ['/bin/sh', '-c', 'exec "$@"', 'sh', ...command];
  const { exitCode, stdout, stderr } = await (await existing(name)).exec(script);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}

async function existing(name: string): Promise<Lab> {
  const lab = await findLab(name);
  if (lab) return lab;
  throw new DoctorError('USAGE', `No lab called ${name} is up.`, { hint: '"ipvlan-doctor lab up" starts one.' });
}

function line({ record: { name, release, port, pid, startedAt } }: Lab): string {
  return `${name}: ${release}, Docker at tcp://127.0.0.1:${port} (TLS), process ${pid}, up since ${startedAt}`;
}
