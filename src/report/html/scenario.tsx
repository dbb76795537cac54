import type { ScenarioResult } from '../result.js';
import { SIGNS } from '../words.js';
import { Belief } from './belief.js';
import { Fix } from './fix.js';
import { HeatMap } from './heat-map.js';
import { Rest } from './rest.js';
import { Drawing } from './drawing.js';

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
      {reason && <p class={verdict}>{reason}</p>}
      <HeatMap scenario={scenario} />
      <Drawing scenario={scenario} />
      {causes.map((cause) => (
        <Fix cause={cause} key={cause.id} />
      ))}
      <Belief scenario={scenario} />
      <Rest scenario={scenario} />
    </article>
  );
}
