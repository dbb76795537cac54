import type { Diagnosis } from '../diagnosis/diagnosis.js';
import type { Arrival, Flow } from '../diagnosis/flow.js';
import { verdictOf } from '../diagnosis/verdict.js';
import type { Outcome } from '../evidence/evidence.js';
import { overText, type CheckPlan } from '../scenario/plan.js';
import type { CheckResult } from './result.js';
import { pathVerdictText } from './words/path.js';

const OBSERVED: Readonly<Record<Arrival, CheckResult['observed']>> = {
  all: 'reachable',
  some: 'partly reachable',
  none: 'blocked',
  unknown: 'unknown',
};

/**
 * What a report says of one check.
 *
 * @param after how each check that was repeated with the remedies applied went, by its id
 */
export function checkResult(check: CheckPlan, diagnosis: Diagnosis, after: ReadonlyMap<string, Arrival>): CheckResult {
  const flow = diagnosis.flows.find(({ id }) => id === check.id);
  return flow?.probe.outcome.kind === 'not-asked'
    ? predictedResult(check, flow, diagnosis)
    : askedResult(check, { flow, diagnosis, after });
}

interface Asked {
  readonly flow: Flow | undefined;
  readonly diagnosis: Diagnosis;
  readonly after: ReadonlyMap<string, Arrival>;
}

function askedResult(check: CheckPlan, { flow, diagnosis, after }: Asked): CheckResult {
  const arrival = flow?.arrival ?? 'unknown';
  const repeated = after.get(check.id);
  return {
    ...named(check),
    observed: OBSERVED[arrival],
    ...measured(flow?.probe.outcome),
    verdict: verdictOf(check, arrival, diagnosis),
    explainedBy: explainedBy(check, diagnosis),
    afterRemedy: repeated && OBSERVED[repeated],
  };
}

/** Nothing was sent. It fails where a cause accounts for the predicted block; else it could not be asked. */
function predictedResult(check: CheckPlan, flow: Flow, diagnosis: Diagnosis): CheckResult {
  const path = diagnosis.paths.ofAny(flow.probe);
  const { verdict } = path;
  const { reason, missing } = verdict.kind === 'not-observed' ? verdict : {};
  const causes = explainedBy(check, diagnosis);
  return {
    ...named(check),
    observed: 'unknown',
    ...NOTHING_SENT,
    predicted: reason ? 'blocked' : missing ? 'unknown' : 'reachable',
    said: [pathVerdictText(path)],
    verdict: causes.length > 0 ? 'fail' : 'skipped',
    explainedBy: causes,
    afterRemedy: undefined,
  };
}

function named({ id, from, to, over, line, expect }: CheckPlan) {
  return { id, from, to: to.label, address: to.address, over: overText(over), line, expected: expect };
}

function explainedBy({ id }: CheckPlan, { found }: Diagnosis): readonly string[] {
  return found.filter(({ ruling }) => ruling.explains.includes(id)).map(({ cause }) => cause.id);
}

type Measured = Pick<CheckResult, 'attempts' | 'roundTripMs' | 'failure' | 'said'>;

const NOTHING_SENT = { attempts: { sent: 0, arrived: 0 }, roundTripMs: undefined, failure: undefined } as const;

function measured(outcome: Outcome | undefined): Measured {
  switch (outcome?.kind) {
    case 'attempts': {
      const { sent, arrived, roundTripMs, failure, said } = outcome;
      return { attempts: { sent, arrived }, roundTripMs: roundTripMs?.average, failure, said };
    }
    case 'broken':
      return { ...NOTHING_SENT, said: [outcome.error] };
    case 'not-running': {
      const { container, because } = outcome;
      return { ...NOTHING_SENT, failure: 'not-running', said: [`${container} does not run: ${because}`] };
    }
    case 'not-asked':
    case undefined:
      return { ...NOTHING_SENT, said: [] };
  }
}
