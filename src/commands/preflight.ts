import { Command } from 'commander';
import pc from 'picocolors';
import { preflight } from '../engine/preflight.js';
import type { Requirement } from '../engine/requirement.js';
import { DoctorError } from '../errors.js';
import { plain } from '../printable.js';
import { chooseEngine, ownEngine } from '../workflows/engine/choose-engine.js';
import { interruption } from './interruption.js';
import { agentImageOption, contextOption, engineOption, jsonOption } from './options.js';
import { printError, printJson } from './print.js';

interface PreflightOptions {
  readonly engine: string;
  readonly context?: string;
  readonly agentImage?: string;
  readonly json?: boolean;
}

const MARKS: Readonly<Record<Requirement['state'], string>> = {
  met: pc.green('ok      '),
  limited: pc.yellow('limited '),
  unmet: pc.red('missing '),
  untried: pc.dim('untried '),
};

/** `ipvlan-doctor preflight`: tests whether this engine can run scenarios. Exit code 0, or 3 with what to do. */
export function preflightCommand(): Command {
  return new Command('preflight')
    .description('test whether this machine and engine can run scenarios')
    .addOption(engineOption())
    .addOption(contextOption())
    .addOption(agentImageOption())
    .addOption(jsonOption())
    .action(async (options: PreflightOptions) => {
      const requirements = await gather(options);
      if (options.json) printJson({ requirements });
      else process.stdout.write(table(requirements));
      if (requirements.some(({ state }) => state === 'unmet')) process.exitCode = 3;
    });
}

/** `auto` means the user's own engine here, because that is what is tested. */
async function gather({ engine, context, agentImage }: PreflightOptions): Promise<readonly Requirement[]> {
  const onStep = (step: string) => printError(`${step}\n`);
  const signal = interruption();
  const wish = { engine, context, agentImage, onStep, signal };
  try {
    await using chosen = await (engine === 'auto' ? ownEngine(wish) : chooseEngine(wish));
    const requirements = await preflight(chosen.engine, { image: agentImage, onStep });
    signal.throwIfAborted();
    return requirements;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DoctorError && error.code === 'ENGINE_UNREACHABLE')) throw error;
    return [{ name: 'engine', state: 'unmet', detail: error.message, remedy: error.hint }];
  }
}

function table(requirements: readonly Requirement[]): string {
  const width = Math.max(...requirements.map(({ name }) => name.length));
  return requirements
    .flatMap(({ name, state, detail, remedy }) => [
      `${MARKS[state]} ${name.padEnd(width)}  ${plain(detail)}`,
      ...(remedy && state !== 'untried' ? [`         ${' '.repeat(width)}  ${pc.dim(plain(remedy))}`] : []),
    ])
    .map((line) => `${line}\n`)
    .join('');
}
