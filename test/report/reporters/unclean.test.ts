import { expect } from 'chai';
import { githubAnnotations, githubSummary } from '../../../src/report/reporters/github.js';
import { renderJunit } from '../../../src/report/reporters/junit.js';
import { renderMarkdown } from '../../../src/report/reporters/markdown.js';
import { renderSarif } from '../../../src/report/reporters/sarif.js';
import { renderTap } from '../../../src/report/reporters/tap.js';
import type { Result } from '../../../src/report/result.js';
import { check, healthy, open, result } from '../results.js';

/** Runs that no gate may take for clean, each with a word that tells why. */
const UNCLEAN: Readonly<Record<string, readonly [why: string, result: Result]>> = {
  'stopped before any scenario': [
    'It did not start',
    ran(3, { error: { code: 'LAB_FAILED', message: 'It did not start', hint: 'Try again' } }),
  ],
  'stopped after a scenario that passed': [
    'The disk is full',
    {
      ...ran(3, { error: { code: 'OUTPUT_UNWRITABLE', message: 'The disk is full', hint: undefined } }),
      scenarios: [healthy()],
    },
  ],
  'with a scenario that could not be run': [
    'no such parent',
    { ...ran(4), scenarios: [healthy({ verdict: 'broken', reason: 'no such parent', checks: [] })] },
  ],
  'with a check that could not be asked': [
    'nc: not found',
    {
      ...ran(4),
      scenarios: [
        healthy({
          verdict: 'broken',
          reason: 'nc: not found',
          checks: [check({ verdict: 'broken', observed: 'unknown', said: ['nc: not found'] })],
        }),
      ],
    },
  ],
  'that left something behind': [
    'remove network x',
    ran(6, { cleanup: { state: 'incomplete', left: ['remove network x'] } }),
  ],
  'that is inconclusive': [
    'webapp',
    {
      ...ran(4),
      scenarios: [
        healthy({
          id: 'webapp',
          verdict: 'fail',
          checks: [check({ verdict: 'fail', observed: 'blocked' })],
          inconclusive: [open(['a', 'b'])],
        }),
      ],
    },
  ],
  'that found another cause than it should': [
    'expected and not found: x',
    { ...ran(1), scenarios: [healthy({ verdict: 'fail', reason: 'expected and not found: x' })] },
  ],
  'that lost packets now and then': [
    'webapp',
    {
      ...ran(1),
      scenarios: [
        healthy({
          id: 'webapp',
          verdict: 'flaky',
          checks: [check({ verdict: 'flaky', observed: 'partly reachable' })],
        }),
      ],
    },
  ],
  'that could ask nothing here': [
    'no IPvlan here',
    { ...ran(3), scenarios: [healthy({ verdict: 'skipped', reason: 'no IPvlan here', checks: [] })] },
  ],
};

function ran(exitCode: number, change: Partial<Result> = {}): Result {
  const plain = result([], change);
  return { ...plain, run: { ...plain.run, exitCode } };
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly invocations: readonly [
        {
          readonly executionSuccessful: boolean;
          readonly exitCode: number;
          readonly toolExecutionNotifications: readonly { level: string; message: { text: string } }[];
        },
      ];
      readonly results: readonly { readonly level: string }[];
    },
  ];
}

/** Whether what reads a format would call the run clean. */
const CLEAN: Readonly<Record<string, (result: Result) => boolean>> = {
  JUnit: (it) => !/<(?:error|failure)\b/.test(renderJunit(it)),
  TAP: (it) => !/^(?:not ok|Bail out!)/m.test(renderTap(it)),
  'GitHub annotations': (it) => !/^::error /m.test(githubAnnotations(it)),
  SARIF: (it) => {
    const [{ invocations, results }] = (JSON.parse(renderSarif(it)) as Sarif).runs;
    return invocations[0].executionSuccessful && results.every(({ level }) => level === 'note');
  },
};

const TELLS = {
  JUnit: renderJunit,
  TAP: renderTap,
  'GitHub summary': githubSummary,
  Markdown: renderMarkdown,
  SARIF: renderSarif,
};

describe('a run that is not clean', () => {
  for (const [what, [why, unclean]] of Object.entries(UNCLEAN)) {
    for (const [format, isClean] of Object.entries(CLEAN)) {
      const skipped = what === 'that could ask nothing here' && format !== 'SARIF'; // They have a word of their own for it.
      if (!skipped) it(`is none in ${format}: ${what}`, () => expect(isClean(unclean)).to.equal(false));
    }
    for (const [format, tell] of Object.entries(TELLS)) {
      it(`says why in ${format}: ${what}`, () => expect(tell(unclean).replaceAll('\\', '')).to.include(why));
    }
  }

  it('has a plan in TAP that counts its points', () => {
    for (const [, unclean] of Object.values(UNCLEAN)) {
      const tap = renderTap(unclean);
      const points = tap.match(/^(?:not )?ok \d+/gm) ?? [];
      expect(tap).to.include(`\n1..${points.length}\n`);
      expect(points.length).to.be.greaterThan(0);
    }
  });

  it('tells SARIF its exit code and when it ran', () => {
    const [{ invocations }] = (JSON.parse(renderSarif(UNCLEAN['stopped before any scenario']?.[1] ?? ran(0))) as Sarif)
      .runs;
    expect(invocations).to.have.length(1);
    expect(invocations[0]).to.deep.include({
      exitCode: 3,
      startTimeUtc: '2026-01-02T03:04:05.000Z',
      endTimeUtc: '2026-01-02T03:05:05.000Z',
    });
    expect(
      invocations[0].toolExecutionNotifications.map(({ level, message }) => `${level}: ${message.text}`),
    ).to.deep.equal(['error: It did not start Try again']);
  });
});

describe('a run that is clean', () => {
  for (const [format, isClean] of Object.entries(CLEAN)) {
    it(`is so in ${format}, also where a scenario cannot be asked here`, () => {
      const skipped = healthy({ id: 'elsewhere', verdict: 'skipped', reason: 'not here', checks: [] });
      expect(isClean(result([healthy()]))).to.equal(true);
      expect(isClean(result([healthy(), skipped]))).to.equal(true);
    });
  }
});
