import type { CheckResult, ScenarioResult, Verdict } from './result.js';

/** Checks as a square: a row for each sender, a column for each target. */
export interface Grid {
  readonly names: readonly string[];
  /** By row and column; `undefined` where nothing was asked. */
  readonly cells: readonly (readonly (GridCell | undefined)[])[];
}

interface GridCell {
  readonly verdict: Verdict;
  /** Round trip in milliseconds, or the sign of what happened instead. */
  readonly text: string;
  /** The same in words. */
  readonly title: string;
  /** 0 for the fastest to 3 for the slowest quarter; `undefined` where nothing arrived. */
  readonly heat: number | undefined;
}

/** Beyond these many, a grid tells more than a list. */
const FEWEST = 3;

/** @returns `undefined` unless nearly every source has a check to nearly every target: then a list says it better */
export function gridOf({ checks }: ScenarioResult): Grid | undefined {
  const names = [...new Set(checks.map(({ from }) => from))];
  const among = checks.filter(({ from, to, over }) => names.includes(to) && from !== to && over === 'icmp');
  if (names.length < FEWEST || among.length < checks.length || among.length * 2 < names.length * (names.length - 1))
    return undefined;
  const times = among.flatMap(({ roundTripMs }) => roundTripMs ?? []).sort((a, b) => a - b);
  const heat = (ms: number) => Math.min(3, Math.floor((4 * times.indexOf(ms)) / times.length));
  return {
    names,
    cells: names.map((from) =>
      names.map((to) => {
        const check = among.find((one) => one.from === from && one.to === to);
        return check && cellOf(check, heat);
      }),
    ),
  };
}

function cellOf({ id, verdict, observed, roundTripMs, failure }: CheckResult, heat: (ms: number) => number): GridCell {
  const arrived = observed === 'reachable' && roundTripMs !== undefined;
  return {
    verdict,
    text: arrived
      ? roundTripMs.toFixed(roundTripMs < 10 ? 1 : 0)
      : { pass: '✔', fail: '✘', flaky: '~', skipped: '-', broken: '!' }[verdict],
    title: arrived ? `${id}: ${roundTripMs} ms` : `${id}: ${observed}${failure ? `, ${failure}` : ''}`,
    heat: arrived ? heat(roundTripMs) : undefined,
  };
}
