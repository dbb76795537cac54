import { InvalidArgumentError, Option } from 'commander';
import type { Plan } from '../scenario/plan.js';

/** Flags that choose among the scenarios that were named. */
export interface SelectionFlags {
  readonly grep?: RegExp;
  readonly grepInvert?: RegExp;
}

export function grepOption(): Option {
  return new Option('--grep <pattern>', 'only scenarios whose id or title matches')
    .env('IPVLAN_DOCTOR_GREP')
    .argParser(pattern);
}

export function grepInvertOption(): Option {
  return new Option('--grep-invert <pattern>', 'only scenarios whose id and title do not match')
    .env('IPVLAN_DOCTOR_GREP_INVERT')
    .argParser(pattern);
}

/** Those of the scenarios that the flags leave, in their order. */
export function selected<Item extends Pick<Plan, 'id' | 'title'>>(
  items: readonly Item[],
  { grep, grepInvert }: SelectionFlags,
): readonly Item[] {
  const matches = (wanted: RegExp, { id, title }: Item) => wanted.test(id) || wanted.test(title);
  return items.filter(
    (one) => (grep === undefined || matches(grep, one)) && (grepInvert === undefined || !matches(grepInvert, one)),
  );
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new InvalidArgumentError('Give a regular expression.');
  }
}
