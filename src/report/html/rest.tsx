import { webAddress } from '../../printable.js';
import type { CauseResult, ScenarioResult } from '../result.js';
import { expectedText, observedText, SIGNS, whatIfLines } from '../words.js';
import { FlowPaths } from './paths.js';

/** Everything else, folded. */
export function Rest({ scenario }: { readonly scenario: ScenarioResult }) {
  const { checks, causes, ruledOut, timing, evidence, why } = scenario;
  if (checks.length === 0) return null;
  return (
    <details>
      <summary>{checks.length} checks and their paths, background, what was ruled out, timing</summary>
      {why && <p class="dim">{why}</p>}
      <Checks checks={checks} />
      <FlowPaths paths={scenario.paths} />
      {whatIfLines(scenario).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {causes.map((cause) => (
        <Background cause={cause} key={cause.id} />
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

function Checks({ checks }: Pick<ScenarioResult, 'checks'>) {
  return (
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
  );
}

function Background({ cause: { title, background, see } }: { readonly cause: CauseResult }) {
  return (
    <div>
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
  );
}
