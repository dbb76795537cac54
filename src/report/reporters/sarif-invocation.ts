import type { Result, ScenarioResult } from '../result.js';

/** How the run itself went: a reader who sees no findings learns here whether that means there are none. */
export function invocation(result: Result): object {
  const { exitCode, startedAt, endedAt } = result.run;
  const notifications = [...aboutRun(result), ...result.scenarios.flatMap(aboutScenario)];
  return {
    executionSuccessful: notifications.every(({ level }) => level !== 'error') && !allSkipped(result),
    exitCode,
    ...time('startTimeUtc', startedAt),
    ...time('endTimeUtc', endedAt),
    toolExecutionNotifications: notifications,
  };
}

/** Some scenarios cannot be asked on some machines; where none can, that there are no findings says nothing. */
function allSkipped({ scenarios }: Result): boolean {
  return scenarios.length > 0 && scenarios.every(({ verdict }) => verdict === 'skipped');
}

interface Notification {
  readonly level: 'error' | 'warning';
  readonly descriptor: { readonly id: string };
  readonly message: { readonly text: string };
}

function aboutRun({ error, cleanup }: Result): readonly Notification[] {
  return [
    ...(error ? [notification(error.code, [error.message, error.hint ?? ''].join(' ').trim())] : []),
    ...(cleanup.state === 'incomplete'
      ? [notification('CLEANUP_INCOMPLETE', `Left behind: ${cleanup.left.join('; ')}. "ipvlan-doctor gc" tries again.`)]
      : []),
  ];
}

/** What could not be asked, of a scenario as a whole or of its checks. */
function aboutScenario({ id, verdict, reason, headline, checks }: ScenarioResult): readonly Notification[] {
  const why = `${id}: ${verdict}: ${reason ?? headline}`;
  if (verdict === 'skipped') return [notification('skipped', why, 'warning')];
  const broken = checks.filter((check) => check.verdict === 'broken');
  return [
    ...(verdict === 'broken' ? [notification('broken', why)] : []),
    ...broken.map((check) =>
      notification('broken', [`${id}: ${check.id} could not be asked.`, ...check.said].join(' ')),
    ),
  ];
}

function notification(id: string, text: string, level: Notification['level'] = 'error'): Notification {
  return { level, descriptor: { id }, message: { text } };
}

/** A file may come from anywhere: what is no time is left out, because the format allows nothing else there. */
function time(key: string, text: string): object {
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? {} : { [key]: new Date(parsed).toISOString() };
}
