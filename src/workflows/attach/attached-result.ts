import type { Diagnosis, FoundCause } from '../../diagnosis/diagnosis.js';
import type { ScenarioResult } from '../../report/result.js';
import { tally } from '../../report/outcome.js';
import { scenarioResult, type Finished } from '../../report/scenario-result.js';
import { predictedInbound, untriedInbound } from '../../report/untried-inbound.js';

/**
 * Everything a report says of what already ran. Pure.
 *
 * @param gate see {@link setAside}
 */
export function attachedResult({ diagnosis: seen, warnings, ...finished }: Finished, gate: boolean): ScenarioResult {
  const { diagnosis, asides } = setAside(seen, gate);
  const result = scenarioResult({ ...finished, diagnosis, warnings: [...warnings, ...asides] });
  const untried = [untriedInbound(finished.evidence), predictedInbound(result.checks)].filter(Boolean).join(' ');
  const judged = withVerdict(result, untried || undefined);
  // A diagnosis of saved evidence begins with the warnings of the first.
  return { ...judged, warnings: [...new Set(judged.warnings)] };
}

/** A diagnosis of what was asked, and what else is wrong. */
export interface Counted {
  readonly diagnosis: Diagnosis;
  /** One sentence for each fault that breaks no check that was asked. */
  readonly asides: readonly string[];
}

/**
 * Sets aside the faults that break no check that counts: only a comparison shows them, and the user did not ask for it. What the
 * engine rejected always counts. Pure.
 *
 * @param gate whether all flows of containers count, as before a rollout, and not only those that were asked
 */
export function setAside(diagnosis: Diagnosis, gate: boolean): Counted {
  const counted = diagnosis.flows.filter(({ probe, container }) =>
    gate ? container !== undefined : probe.purpose === 'check',
  );
  const ids = new Set(counted.map(({ id }) => id));
  const matters = ({ cause, ruling }: FoundCause) =>
    cause.kind !== 'fault' || cause.about === 'engine' || ruling.explains.some((id) => ids.has(id));
  return {
    diagnosis: {
      ...diagnosis,
      found: diagnosis.found.filter(matters),
      // A short list about comparisons alone would have the user look for a fault in what works.
      inconclusive: diagnosis.inconclusive.filter(
        ({ ruling: { explains } }) => explains.length === 0 || explains.some((id) => ids.has(id)),
      ),
    },
    asides: diagnosis.found
      .filter((one) => !matters(one))
      .map(({ explanation }) => `Seen beside what was asked: ${explanation}`),
  };
}

/**
 * The verdict on what already ran. A fault that counts makes it fail although some checks could not be asked.
 *
 * @param untried what was not tried, as a sentence; absent when nothing was left out
 */
export function withVerdict(result: ScenarioResult, untried: string | undefined): ScenarioResult {
  const faulty = result.causes.some(({ kind }) => kind === 'fault');
  if (faulty && (result.verdict === 'pass' || result.verdict === 'broken'))
    return { ...result, verdict: 'fail', reason: undefined };
  const told = untried === undefined ? [] : [untried];
  if (result.verdict !== 'pass') return { ...result, warnings: [...result.warnings, ...told] };
  // What the driver does by design is no news where all went as it should.
  return { ...result, headline: [tally(result.checks), ...told].join(' ') };
}
