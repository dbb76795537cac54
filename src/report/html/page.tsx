import { createHash } from 'node:crypto';
import { renderToStaticMarkup } from 'preact-render-to-string';
import { printable } from '../../printable.js';
import type { Result, ScenarioResult, Verdict } from '../result.js';
import { causesText, secondsOf, SIGNS } from '../words.js';
import { Scenario } from './scenario.js';
import { SCRIPT, STYLE } from './style.js';

/** A result as one HTML file: no network, readable without scripts, light and dark, for print. Preact escapes every foreign string. */
export function renderHtml(result: Result): string {
  return `<!doctype html>\n${renderToStaticMarkup(<Page result={printable(result)} />)}\n`;
}

const LEFT: Readonly<Record<Result['cleanup']['state'], string>> = {
  complete: 'Nothing was left behind.',
  kept: 'It was kept on request. Remove it with "ipvlan-doctor gc --run ID", with the id of this run.',
  incomplete: 'Left behind:',
};

function Page({ result }: { readonly result: Result }) {
  const { scenarios, run, environment, error, cleanup, tool } = result;
  const [only] = scenarios;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={policy()} />
        <title>{`${scenarios.length === 1 ? only?.title : `${scenarios.length} scenarios`} · ipvlan-doctor`}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <h1>
          ipvlan-doctor · {run.verb} · {run.startedAt.replace('T', ' ').slice(0, 16)} UTC
        </h1>
        {error && (
          <article>
            <p class="headline fail">Stopped: {error.message}</p>
            {error.hint && <p>{error.hint}</p>}
          </article>
        )}
        {scenarios.length > 1 && <Overview scenarios={scenarios} />}
        {scenarios.map((scenario) => (
          <Scenario scenario={scenario} key={scenario.id} />
        ))}
        <footer>
          <p>
            {environment &&
              `${environment.engine}: ${environment.facts.product} ${environment.facts.version}, kernel ${environment.facts.kernel}, ${environment.facts.operatingSystem}. `}
            Run {run.id}, {tool.name} {tool.version}, exit code {run.exitCode}. {LEFT[cleanup.state]}{' '}
            {cleanup.left.join('; ')}
          </p>
        </footer>
        <script dangerouslySetInnerHTML={{ __html: SCRIPT }} />
      </body>
    </html>
  );
}

/** All scenarios at a glance, each a link to its own part. */
function Overview({ scenarios }: { readonly scenarios: readonly ScenarioResult[] }) {
  const verdicts = [...new Set(scenarios.map(({ verdict }) => verdict))];
  return (
    <article>
      <h2>
        {verdicts
          .map((verdict) => `${scenarios.filter((one) => one.verdict === verdict).length} ${verdict}`)
          .join(', ')}
      </h2>
      <Filters verdicts={verdicts} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>scenario</th>
              <th>verdict</th>
              <th>cause</th>
              <th>remedy</th>
              <th>seconds</th>
            </tr>
          </thead>
          <tbody>
            {scenarios.map((scenario) => (
              <OverviewRow scenario={scenario} key={scenario.id} />
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}

/** Buttons that show the scenarios of one verdict, or all. */
function Filters({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  return (
    <div class="filters">
      <button type="button" data-filter="" aria-pressed="true">
        all
      </button>
      {verdicts.map((verdict) => (
        <button type="button" data-filter={verdict} aria-pressed="false" key={verdict}>
          {verdict}
        </button>
      ))}
    </div>
  );
}

function OverviewRow({ scenario }: { readonly scenario: ScenarioResult }) {
  return (
    <tr data-verdict={scenario.verdict}>
      <td>
        <a href={`#${scenario.id}`}>{scenario.id}</a>
      </td>
      <td class={scenario.verdict}>
        {SIGNS[scenario.verdict]} {scenario.verdict}
      </td>
      <td>{causesText(scenario)}</td>
      <td>{scenario.remedy.proof === 'not tried' ? '' : scenario.remedy.proof}</td>
      <td>{secondsOf(scenario)}</td>
    </tr>
  );
}

/** Only our own style and script run; nothing is fetched, framed or sent. */
function policy(): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
}
