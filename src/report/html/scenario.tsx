import { webAddress } from '../../printable.js';
import { Paths } from './paths.js';
import { gridOf } from '../grid.js';
import { pictureOf, type Station } from '../picture.js';
import type { CauseResult, RemedyResult, ScenarioResult } from '../result.js';
import { decideText, expectedText, observedText, openText, proofText, sentText, SIGNS } from '../words.js';

const MARKS: Readonly<Record<Station['state'], string>> = {
  passed: '✔',
  failed: '✘',
  'not reached': '·',
  'not visible': '?',
};

/** One scenario, in the reader's order: what is broken, where, the fix, why we believe it, everything else folded. */
export function Scenario({ scenario }: { readonly scenario: ScenarioResult }) {
  const { id, verdict, headline, title, reason, causes } = scenario;
  return (
    <article id={id} data-verdict={verdict}>
      <span class={`tag ${verdict}`}>
        {SIGNS[verdict]} {verdict}
      </span>{' '}
      <span class="dim">
        {id} · {title}
      </span>
      <p class="headline">{headline}</p>
      {reason && !headline.includes(reason) && <p class={verdict}>{reason}</p>}
      <HeatMap scenario={scenario} />
      <Way scenario={scenario} />
      {causes.map((cause) => (
        <Fix cause={cause} key={cause.id} />
      ))}
      <Belief scenario={scenario} />
      <Rest scenario={scenario} />
    </article>
  );
}

/** All containers to all containers. The number says what the colour does: the round trip in milliseconds. */
function HeatMap({ scenario }: { readonly scenario: ScenarioResult }) {
  const grid = gridOf(scenario);
  if (!grid) return null;
  return (
    <section>
      <h3>Connectivity between all containers</h3>
      <p class="dim">Rows send, columns reply; average round trip in milliseconds, darker where it is longer.</p>
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">from / to</th>
              {grid.names.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.cells.map((row, at) => (
              <tr key={grid.names[at]}>
                <th scope="row">{grid.names[at]}</th>
                {row.map((cell, column) => (
                  <td
                    class={cell && (cell.heat === undefined ? cell.verdict : `heat${cell.heat}`)}
                    title={cell?.title}
                    key={column}
                  >
                    {cell?.text ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Way({ scenario }: { readonly scenario: ScenarioResult }) {
  const picture = pictureOf(scenario);
  if (!picture) return null;
  const lost = [...picture.there, ...picture.back].some(({ state }) => state === 'failed');
  return (
    <section>
      <h3>Where the packet {lost ? 'is lost' : 'goes'}</h3>
      <p class="dim">{picture.flow}</p>
      <Row name="forward" stations={picture.there} />
      {picture.back.length > 0 && <Row name="return" stations={picture.back} />}
      <p>{picture.caption}</p>
      {picture.kernel && <p class="dim">{picture.kernel}</p>}
    </section>
  );
}

function Row({ name, stations }: { readonly name: string; readonly stations: readonly Station[] }) {
  return (
    <ol class="way" data-name={name} aria-label={`${name} direction`}>
      {stations.map(({ node, label, description, state }, index) => (
        <li class={state.split(' ')[0]} title={`${node}, ${description}: ${state}`} key={index}>
          <span aria-label={state}>{MARKS[state]}</span> {label}
        </li>
      ))}
    </ol>
  );
}

function Fix({ cause }: { readonly cause: CauseResult }) {
  const [first, ...others] = cause.remedies;
  return (
    <section>
      <h3>The fix for {cause.id}</h3>
      {cause.kind === 'by-design' && (
        <p class="dim">The driver works like this by design; these commands work around it.</p>
      )}
      {first && <Steps remedy={first} />}
      {others.length > 0 && (
        <details>
          <summary>Other ways and other platforms</summary>
          {others.map((remedy) => (
            <Steps remedy={remedy} key={remedy.title} />
          ))}
        </details>
      )}
    </section>
  );
}

function Steps({ remedy }: { readonly remedy: RemedyResult }) {
  return (
    <div>
      <p>
        {remedy.title}.{' '}
        {remedy.use === 'run' && (
          <strong class={remedy.proof === 'verified' ? 'pass' : 'dim'}>{proofText(remedy)}.</strong>
        )}
      </p>
      {remedy.commands.map(({ on, run, undo }) => (
        <div key={`${on} ${run}`}>
          <Command heading={`on ${on}`} text={run} />
          {undo && <Command heading="to undo" text={undo} undo />}
        </div>
      ))}
    </div>
  );
}

/** One command, with a button to copy it where scripts run. */
function Command({ heading, text, undo = false }: { heading: string; text: string; undo?: boolean }) {
  return (
    <>
      <p class="where">
        <span>{heading}</span>
      </p>
      <pre class={undo ? 'undo' : undefined} data-copy>
        {text}
      </pre>
    </>
  );
}

function Belief({
  scenario: { causes, ruledOut, inconclusive, unexplained, assumptions, warnings, sent },
}: {
  readonly scenario: ScenarioResult;
}) {
  const blamed = ruledOut.filter(({ looksGuilty }) => looksGuilty);
  const open = inconclusive.filter(({ explains }) => explains.length > 0);
  const lines = [
    ...causes.flatMap(({ evidence }) => evidence),
    ...blamed.map(({ title, because }) => `Ruled out: ${title}. ${because}`),
    ...(unexplained.length > 0 ? [`Unexplained: ${unexplained.join(', ')}`] : []),
    ...assumptions.map((text) => `Not seen: ${text}`),
    ...warnings.map((text) => `Warning: ${text}`),
    ...(sent ? [sentText(sent)] : []),
  ];
  if (lines.length === 0 && open.length === 0) return null;
  return (
    <section>
      <h3>Why we believe it</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {open.map((one) => (
          <li key={one.id}>
            {openText(one)}
            {one.test && <Command heading={decideText(one.test)} text={one.test.run} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rest({ scenario }: { readonly scenario: ScenarioResult }) {
  const { checks, causes, ruledOut, timing, evidence, why } = scenario;
  if (checks.length === 0) return null;
  return (
    <details>
      <summary>{checks.length} checks and their paths, background, what was ruled out, timing</summary>
      {why && <p class="dim">{why}</p>}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>from</th>
              <th>to</th>
              <th>over</th>
              <th>expected</th>
              <th>observed</th>
              <th>after the remedy</th>
              <th>verdict</th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => (
              <tr key={check.id}>
                <td>{check.from}</td>
                <td title={check.address}>{check.to}</td>
                <td>{check.over}</td>
                <td>{expectedText(check)}</td>
                <td title={check.said.join(' · ')}>{observedText(check)}</td>
                <td>{check.afterRemedy ?? ''}</td>
                <td class={check.verdict}>
                  {SIGNS[check.verdict]} {check.verdict}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Paths paths={scenario.paths} />
      {causes.map(({ id, title, background, see }) => (
        <div key={id}>
          <h3>{title}</h3>
          <p>{background}</p>
          <p class="dim">
            {see.map((url) => (
              <span key={url}>
                <a href={webAddress(url)} rel="noreferrer">
                  {url}
                </a>{' '}
              </span>
            ))}
          </p>
        </div>
      ))}
      {ruledOut.length > 0 && (
        <ul>
          {ruledOut.map(({ id, because }) => (
            <li key={id}>
              {id}: {because}
            </li>
          ))}
        </ul>
      )}
      <p class="dim">
        {timing.map(({ phase, ms }) => `${phase} ${(ms / 1000).toFixed(1)} s`).join(' · ')}
        {evidence && ` · evidence: ${evidence}`}
      </p>
    </details>
  );
}
