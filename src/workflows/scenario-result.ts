import type { Diagnosis, FoundCause, PrintedRemedy } from '../diagnosis/diagnosis.js';
import type { Arrival } from '../diagnosis/flow.js';
import { verdictOf } from '../diagnosis/verdict.js';
import type { Evidence, Outcome } from '../evidence/evidence.js';
import type { FlowPath } from '../path/path.js';
import type { CauseResult, CheckResult, Phase, RemedyOutcome, RemedyResult, ScenarioResult } from '../report/result.js';
import { observationText } from '../report/words/observations.js';
import { overText, type CheckPlan, type Plan } from '../scenario/plan.js';
import { headline, scenarioVerdict, storyOf } from './outcome.js';
import { untriedInbound } from './attach/untried.js';
import type { Proven } from './run/prove.js';

/** What a report repeats of a plan; a diagnosis of saved evidence may know no more than the checks. */
export type Planned = Pick<Plan, 'id' | 'title' | 'why' | 'file' | 'checks' | 'diagnosis' | 'warnings'> &
  (Pick<Plan, 'site' | 'networks' | 'containers' | 'faults'> | { readonly site?: undefined });

/** What an examination came to. */
export interface Finished {
  readonly plan: Planned;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly proven: Proven;
  /** What is worth knowing of how it was examined, beside the plan's own warnings. */
  readonly warnings: readonly string[];
  readonly timing: readonly Phase[];
  /** The evidence file within the report directory. */
  readonly file: string;
}

const OBSERVED: Readonly<Record<Arrival, CheckResult['observed']>> = {
  all: 'reachable',
  some: 'partly reachable',
  none: 'blocked',
  unknown: 'unknown',
};

/** Everything a report says of one scenario. */
export function scenarioResult({
  plan,
  evidence,
  diagnosis,
  proven,
  warnings,
  timing,
  file,
}: Finished): ScenarioResult {
  const checks = plan.checks.map((check) => checkResult(check, diagnosis, proven));
  const judged = { checks, diagnosis, expected: plan.diagnosis, remedy: proven.outcome, lost: evidence.missing };
  const { id, title, why } = plan;
  const flow = storyOf(diagnosis);
  return {
    ...{ id, title, why, file: plan.file },
    ...scenarioVerdict(judged),
    headline: headline(diagnosis, checks, untriedInbound(evidence)),
    flow,
    topology: topologyOf(plan),
    checks,
    paths: pathsTold(evidence, diagnosis, flow),
    causes: diagnosis.found.map((found) => causeResult(found, plan, proven)),
    ruledOut: diagnosis.ruledOut.map(({ cause, ruling }) => ({
      id: cause.id,
      title: cause.title,
      because: ruling.because,
      looksGuilty: ruling.looksGuilty,
    })),
    inconclusive: diagnosis.inconclusive.map(({ cause, ruling }) => ({
      id: cause.id,
      title: cause.title,
      missing: ruling.missing,
      explains: ruling.explains,
      oneOf: ruling.oneOf,
      test: ruling.test,
    })),
    unexplained: diagnosis.unexplained,
    expectedCauses: plan.diagnosis,
    remedy: proven.outcome,
    assumptions: assumptionsOf(evidence),
    warnings: [...new Set([...plan.warnings, ...engineWarnings(evidence), ...warnings])],
    ...sentBy(evidence),
    timing,
    evidence: file,
  };
}

function topologyOf(plan: Planned): ScenarioResult['topology'] {
  if (plan.site === undefined) return undefined;
  const { site, networks, containers, faults } = plan;
  return { site, networks, containers, faults };
}

/** What the engine said when it made the networks and containers, which no log keeps. */
function engineWarnings({ facts: { networks = [], containers = [] } }: Evidence): readonly string[] {
  const said = (kind: string, { name, warnings = [] }: { name: string; warnings?: readonly string[] }) =>
    warnings.map((text) => `${kind} ${name}: ${text}.`);
  return [...networks.flatMap((one) => said('Network', one)), ...containers.flatMap((one) => said('Container', one))];
}

/** Nothing where no probe says what it sent: in older evidence, and where the containers' own tools asked. */
export function sentBy({ probes }: Pick<Evidence, 'probes'>): Pick<ScenarioResult, 'sent'> {
  const known = probes.flatMap(({ packets }) => packets ?? []);
  if (known.length === 0) return {};
  return { sent: { probes: known.length, packets: known.reduce((sum, packets) => sum + packets, 0) } };
}

/** What could not be seen, and what was taken for granted. */
function assumptionsOf({ facts, missing }: Evidence): readonly string[] {
  const assumed = Object.entries(facts.platform ?? {}).filter(([, { origin }]) => origin === 'assumed');
  return [
    ...assumed.map(([node, { product }]) => `${node} is taken to run on ${product}: the scenario says so`),
    ...missing.map(({ fact, node, reason }) => `${fact}${node ? ` of ${node}` : ''} could not be seen: ${reason}`),
  ];
}

function checkResult(check: CheckPlan, diagnosis: Diagnosis, { after }: Proven): CheckResult {
  const flow = diagnosis.flows.find(({ id }) => id === check.id);
  const arrival = flow?.arrival ?? 'unknown';
  const outcome = flow?.probe.outcome;
  const asked = outcome?.kind === 'attempts' ? outcome : undefined;
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
    attempts: { sent: asked?.sent ?? 0, arrived: asked?.arrived ?? 0 },
    roundTripMs: asked?.roundTripMs?.average,
    failure: outcome?.kind === 'not-running' ? 'not-running' : asked?.failure,
    said: saidIn(outcome),
    verdict: verdictOf(check, arrival, diagnosis),
    explainedBy: diagnosis.found
      .filter(({ ruling }) => ruling.explains.includes(check.id))
      .map(({ cause }) => cause.id),
    afterRemedy: repeated && OBSERVED[repeated],
  };
}

function saidIn(outcome: Outcome | undefined): readonly string[] {
  switch (outcome?.kind) {
    case 'attempts':
      return outcome.said;
    case 'broken':
      return [outcome.error];
    case 'not-running':
      return [`${outcome.container} does not run: ${outcome.because}`];
    case undefined:
      return [];
  }
}

/** The paths of the checks, and of what a cause or the headline speaks of, in the order of the probes. */
function pathsTold({ probes }: Evidence, { found, paths }: Diagnosis, story: string | undefined): readonly FlowPath[] {
  const told = new Set([story, ...found.map(({ flow }) => flow?.id)]);
  return probes
    .filter(({ id, purpose }) => purpose === 'check' || told.has(id))
    .flatMap((probe) => paths.of(probe) ?? []);
}

function causeResult(
  { cause, ruling, explanation, flow, remedies }: FoundCause,
  plan: Planned,
  { proofs }: Proven,
): CauseResult {
  const applied = remedies.find(({ use }) => use === 'run');
  return {
    id: cause.id,
    title: cause.title,
    kind: cause.kind,
    layer: cause.layer,
    hop: ruling.hop ?? cause.hop,
    explanation,
    background: cause.background.replaceAll(/\s+/g, ' ').trim(),
    see: cause.see,
    confidence: ruling.confidence,
    evidence: ruling.because.map((one) => (typeof one === 'string' ? one : observationText(one))),
    flow: flow?.id,
    explains: plan.checks.map(({ id }) => id).filter((id) => ruling.explains.includes(id)),
    remedies: remedies.map((remedy) => remedyResult(remedy, remedy === applied ? proofs.get(cause.id) : undefined)),
  };
}

function remedyResult(remedy: PrintedRemedy, proof: RemedyOutcome = { proof: 'not tried', because: '' }): RemedyResult {
  const because = ('because' in proof && proof.because) || undefined;
  return { ...remedy, proof: proof.proof, because };
}
