import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GRADES, judged, judgedText, VIEWS, type Grade, type JudgedView } from '../../../src/docs/views.js';
import { rediagnosed } from '../../../src/workflows/bundle/rediagnose.js';
import { planAll } from '../../../src/workflows/run/run.js';
import { recorded, recordedIds } from '../../diagnosis/situation.js';

/** What is told now of every situation that was recorded in a view. Scenarios whose author expects nothing are left out. */
export async function judgedNow(view: string): Promise<readonly JudgedView[]> {
  const ids = new Set(recordedIds(view));
  const plans = (await planAll([])).filter(({ id }) => ids.has(id));
  return plans.flatMap(({ id, diagnosis: expected }) => {
    if (!expected) return [];
    const result = rediagnosed({ id, evidence: recorded(id, view), was: undefined });
    return [judged({ scenario: id, expected, result })];
  });
}

/** What was told when it was last kept, by scenario: one line each. */
export function kept(view: string): ReadonlyMap<string, string> {
  if (!existsSync(fileOf(view))) return new Map();
  const lines = readFileSync(fileOf(view), 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => [line.split(': ')[0] ?? '', line]));
}

/** Whether an answer is worse than the one that was kept. */
export function isWorse(now: JudgedView, line: string | undefined): boolean {
  if (line === undefined) return false;
  const before = /: ([a-z ]+)/.exec(line)?.[1] as Grade;
  return GRADES.indexOf(now.grade) > GRADES.indexOf(before);
}

const fileOf = (view: string) => `test/replay/views/${view}.txt`;

// `make behaviour` keeps what is told now. What got worse is not kept, but with WORSE=1: where the recording is another.
if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const view of Object.keys(VIEWS)) {
    const before = kept(view);
    const lines = (await judgedNow(view)).map((now) => {
      const line = before.get(now.scenario);
      if (line === undefined || !isWorse(now, line) || process.env['WORSE'] === '1') return judgedText(now);
      console.error(`${view}: worse than what is kept: ${judgedText(now)}\n  kept: ${line}`);
      process.exitCode = 1;
      return line;
    });
    writeFileSync(fileOf(view), `${lines.join('\n')}\n`);
  }
