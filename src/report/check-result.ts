import type { Diagnosis } from '../diagnosis/diagnosis.js';
import type { Arrival } from '../diagnosis/flow.js';
import { verdictOf } from '../diagnosis/verdict.js';
import type { Outcome } from '../evidence/evidence.js';
import { overText, type CheckPlan } from '../scenario/plan.js';
import type { CheckResult } from './result.js';

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
  const arrival = flow?.arrival ?? 'unknown';
  const repeated = after.get(check.id);
  return {
    id: check.id,
    from: check.from,
    to: check.to.label,
    address: check.to.address,
    over: overText(check.over),
    line: check.line,
    expected: check.expect,
    observed: OBSERVED[arrival],
    ...measured(flow?.probe.outcome),
    verdict: verdictOf(check, arrival, diagnosis),
    explainedBy: diagnosis.found
      .filter(({ ruling }) => ruling.explains.includes(check.id))
      .map(({ cause }) => cause.id),
    afterRemedy: repeated && OBSERVED[repeated],
  };
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
    case undefined:
      return { ...NOTHING_SENT, said: [] };
  }
}
