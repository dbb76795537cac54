import { InvalidArgumentError, Option } from 'commander';
import { parseWhatIf, WHAT_IF_FORMS } from '../diagnosis/what-if/language.js';
import { RELEASES } from '../lab/guest.js';

/** Flags that several verbs share; every one is an environment variable too. */
export function engineOption(): Option {
  return new Option('--engine <engine>', 'auto, lab, lab:NAME, or a host such as unix:///var/run/docker.sock')
    .env('IPVLAN_DOCTOR_ENGINE')
    .default('auto');
}

export function contextOption(): Option {
  return new Option('--context <name>', 'Docker context of the engine').env('IPVLAN_DOCTOR_CONTEXT');
}

export function agentImageOption(): Option {
  return new Option('--agent-image <image>', 'an agent image of your own').env('IPVLAN_DOCTOR_AGENT_IMAGE');
}

export function releaseOption(): Option {
  return new Option('--release <release>', 'Debian release of the lab')
    .choices(RELEASES)
    .env('IPVLAN_DOCTOR_RELEASE')
    .default('trixie');
}

/** Reads a count: one or more. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, 1 or more.');
}

/** How many packets each ping sends; a look has time for fifty. */
export function attemptsOption(): Option {
  return new Option('--attempts <number>', 'packets of each ping, from 1 to 50 (default: 5)')
    .env('IPVLAN_DOCTOR_ATTEMPTS')
    .argParser((text) => {
      if (wholeNumber(text) <= 50) return Number(text);
      throw new InvalidArgumentError('Give a whole number from 1 to 50.');
    });
}

export function outputOption(): Option {
  return new Option('-o, --output <dir>', 'directory for reports').env('IPVLAN_DOCTOR_OUTPUT').default('reports');
}

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON, and nothing else').env('IPVLAN_DOCTOR_JSON');
}

export function privilegedOption(): Option {
  return new Option(
    '--no-privileged',
    'start no temporary helper container: use the tools in the containers, and see less',
  ).env('IPVLAN_DOCTOR_NO_PRIVILEGED');
}

export function quietOption(): Option {
  return new Option('-q, --quiet', 'no progress').env('IPVLAN_DOCTOR_QUIET');
}

export function verboseOption(): Option {
  return new Option('-v, --verbose', 'print every scenario in full').env('IPVLAN_DOCTOR_VERBOSE');
}

/** A change to predict, in the language of `--what-if`; several are made one after the other. */
export function whatIfOption(): Option {
  return new Option(
    '--what-if <change>',
    `predict a change: ${WHAT_IF_FORMS.slice(0, 1).join('')}; or: ${WHAT_IF_FORMS.slice(1).join('; ')}`,
  )
    .env('IPVLAN_DOCTOR_WHAT_IF')
    .argParser(parseWhatIf);
}

/** A time in seconds, or with its unit: `90`, `90s`, `5m`, `1h`; in milliseconds when read. */
export function timeoutOption(): Option {
  return new Option('--timeout <time>', 'end after that long, such as 90s or 5m, with exit code 124')
    .env('IPVLAN_DOCTOR_TIMEOUT')
    .argParser(duration);
}

export function duration(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(text) ?? [];
  if (number === undefined || Number(number) === 0)
    throw new InvalidArgumentError('Give a time such as 90s, 5m or 1h.');
  return Number(number) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
