import { Option } from 'commander';
import { DoctorError } from '../errors.js';
import { interruption } from './interruption.js';
import { duration } from './options.js';
import { printError } from './print.js';

/** What of the flags is about listening. */
export interface ListenFlags {
  /** In milliseconds. */
  readonly listen?: number;
  readonly quiet?: boolean;
}

export function listenOption(): Option {
  return new Option(
    '--listen <time>',
    'send nothing, listen to what the container sends and receives for that long, such as 60s, and diagnose that',
  )
    .env('IPVLAN_DOCTOR_LISTEN')
    .argParser(duration);
}

/** How to listen, where that is wanted: the first Ctrl-C then ends it early. Live lines go where progress does. */
export function listenWish({ listen, quiet }: ListenFlags, targets: readonly string[]) {
  if (listen === undefined) return { listen: undefined, signal: interruption() };
  if (targets.length > 0) throw new DoctorError('USAGE', '--listen takes no targets: it diagnoses what it hears.');
  const early = new AbortController();
  const signal = interruption(() => early.abort());
  const onLine = (line: string) => {
    if (!quiet) printError(`${line}\n`);
  };
  return { listen: { seconds: listen / 1000, ended: early.signal, onLine }, signal };
}
