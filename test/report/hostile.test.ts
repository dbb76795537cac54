import { expect } from 'chai';
import { differences, renderDifferences } from '../../src/report/diff.js';
import { renderHtml } from '../../src/report/html/page.js';
import { resultJson } from '../../src/report/json.js';
import { githubAnnotations, githubSummary } from '../../src/report/reporters/github.js';
import { renderJunit } from '../../src/report/reporters/junit.js';
import { renderMarkdown } from '../../src/report/reporters/markdown.js';
import { renderSarif } from '../../src/report/reporters/sarif.js';
import { renderTap } from '../../src/report/reporters/tap.js';
import type { Result } from '../../src/report/result.js';
import { resultSchema } from '../../src/report/schema.js';
import { renderScenarioLine, renderTerminal } from '../../src/report/terminal.js';
import { HOSTILE, UNSAFE, unsafeIn } from '../hostile.js';
import { check, healthy, open, result, withoutReturnRoute } from './results.js';

/** Every way a result is shown to people. */
const EXITS: Readonly<Record<string, (result: Result) => string>> = {
  terminal: (it) => renderTerminal(it, { columns: 80, verbose: true }),
  'terminal, narrow': (it) => renderTerminal(it, { columns: 40, verbose: false }),
  progress: (it) => it.scenarios.map(renderScenarioLine).join('\n'),
  HTML: renderHtml,
  Markdown: renderMarkdown,
  JUnit: renderJunit,
  SARIF: renderSarif,
  TAP: renderTap,
  'GitHub annotations': githubAnnotations,
  'GitHub summary': githubSummary,
  JSON: resultJson,
  differences: (it) => renderDifferences(differences(it, result([]))),
  'other differences': (it) => renderDifferences(differences(it, result([healthy({ id: it.scenarios[0]?.id ?? '' })]))),
};

/** Words a program chooses among: a file in which they are others is refused before it is shown. */
const CHOSEN = new Set(
  'verdict observed kind layer hop confidence use proof measured direction agreement state whose failure afterRemedy'.split(
    ' ',
  ),
);

/** The same data with something hostile before and after every text. */
function hostile(data: unknown, key = ''): unknown {
  if (typeof data === 'string') return CHOSEN.has(key) ? data : `${HOSTILE}${data}${HOSTILE}`;
  if (Array.isArray(data)) return data.map((item) => hostile(item, key));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, hostile(value, name)]));
}

function untrusted(): Result {
  const matrix = ['a', 'b', 'c'].flatMap((from) =>
    ['a', 'b', 'c'].flatMap((to) => (from === to ? [] : [check({ id: `${from}>${to}/icmp`, from, to })])),
  );
  const kernel = { reason: 'NETFILTER_DROP', location: 'nf_hook_slow', packets: 5, whose: 'probe' } as const;
  const lost = withoutReturnRoute({
    verdict: 'fail',
    file: 'a.yaml',
    unexplained: ['x'],
    expectedCauses: [],
    reason: 'r',
    why: 'w',
    warnings: ['w'],
    assumptions: ['a'],
  });
  const scenarios = [
    { ...lost, paths: lost.paths.map((path) => ({ ...path, end: path.end && { ...path.end, kernel } })) },
    healthy({ id: 'square', checks: matrix }),
    healthy({ id: 'open', verdict: 'broken', reason: 'r', inconclusive: [open(['a', 'b'])] }),
    healthy({ id: 'skipped', verdict: 'skipped', reason: 'r', checks: [] }),
  ];
  const error = { code: 'LAB_FAILED', message: 'm', hint: 'h' };
  const written = hostile(result(scenarios, { error, cleanup: { state: 'incomplete', left: ['l'] } })) as Result;
  return { ...written, schemaVersion: result([]).schemaVersion };
}

describe('an untrusted result', () => {
  it('is one that is read', () => {
    expect(resultSchema.safeParse(JSON.parse(JSON.stringify(untrusted()))).error).to.equal(undefined);
  });

  for (const [name, show] of Object.entries(EXITS)) {
    it(`neither steers a terminal nor hides anything in ${name}`, () => {
      expect(UNSAFE.test(HOSTILE)).to.equal(true);
      expect(unsafeIn(show(untrusted()))).to.equal(undefined);
    });
  }

  for (const see of [
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>',
    'java\u200bscript:alert(1)',
  ]) {
    it(`links nowhere in HTML, Markdown and SARIF for ${JSON.stringify(see)}`, () => {
      const { causes, ...rest } = withoutReturnRoute({
        verdict: 'fail',
        expectedCauses: [],
        file: see,
        headline: `[x](${see}) <${see}>`,
      });
      const foreign = result([
        { ...rest, causes: causes.map((cause) => ({ ...cause, see: [see, 'https://docs.docker.com/'] })) },
      ]);
      expect(renderHtml(foreign))
        .to.include('href="https://docs.docker.com/"')
        .and.not.match(/href="(?!https:|#)/);
      expect(renderMarkdown(foreign).replaceAll(/```[^]*?```/g, '')).not.to.match(/(?<!\\)\](?:\(|:)|<(?:java|data)/i);
      const [run] = (
        JSON.parse(renderSarif(foreign)) as {
          runs: [{ tool: { driver: { rules: { helpUri?: string }[] } }; results: { locations: unknown }[] }];
        }
      ).runs;
      expect(run.tool.driver.rules.map(({ helpUri }) => helpUri))
        .to.include('https://docs.docker.com/')
        .and.not.include(see);
      expect(JSON.stringify(run.results)).not.to.match(/"uri":"(?:javascript|data):/i);
    });
  }
});
