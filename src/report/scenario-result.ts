import type { Diagnosis, FoundCause, FoundRemedy } from '../diagnosis/diagnosis.js';
import type { Arrival } from '../diagnosis/flow.js';
import { Predictor } from '../diagnosis/what-if/predict-changes.js';
import type { Wish } from '../diagnosis/what-if/wish.js';
import type { Evidence } from '../evidence/evidence.js';
import type { FlowPath } from '../path/path.js';
import type { Plan } from '../scenario/plan.js';
import { checkResult } from './check-result.js';
import { headline, scenarioVerdict, storyOf } from './outcome.js';
import { predictedTogether, predictionResult, whatIfResult } from './prediction.js';
import type { CauseResult, Phase, RemedyOutcome, RemedyResult, ScenarioResult } from './result.js';
import { untriedInbound } from './untried-inbound.js';
import { observationText } from './words/observations.js';

/** What a report repeats of a plan; a diagnosis of saved evidence may know no more than the checks. */
export type Planned = Pick<Plan, 'id' | 'title' | 'why' | 'file' | 'checks' | 'diagnosis' | 'warnings'> &
  (Pick<Plan, 'site' | 'networks' | 'containers' | 'faults'> | { readonly site?: undefined });

/** What an examination came to. */
export interface Finished {
  readonly plan: Planned;
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly verification: Verification;
  /** What is worth knowing of how it was examined, beside the plan's own warnings. */
  readonly warnings: readonly string[];
  readonly timing: readonly Phase[];
  /** What `--what-if` names. */
  readonly whatIf?: readonly Wish[] | undefined;
  /** The evidence file within the report directory. */
  readonly file: string;
}

/** What became of the remedies. */
export interface Verification {
  /** That of all remedies together. */
  readonly outcome: RemedyOutcome;
  /** That of the first runnable remedy of each cause, by the cause's id; a cause without one is absent. */
  readonly byCause: ReadonlyMap<string, RemedyOutcome>;
  /** How each repeated check went, by its id. */
  readonly after: ReadonlyMap<string, Arrival>;
}

/** No remedy was applied, for one reason. */
export function notVerified(because: string): Verification {
  return { outcome: { proof: 'not tried', because }, byCause: new Map(), after: new Map() };
}

/** Everything a report says of one scenario. */
export function scenarioResult(finished: Finished): ScenarioResult {
  const { plan, evidence, diagnosis, verification, warnings, timing, file } = finished;
  const checks = plan.checks.map((check) => checkResult(check, diagnosis, verification.after));
  const remedy = verification.outcome;
  const flow = storyOf(diagnosis);
  const predictor = new Predictor(evidence);
  return {
    id: plan.id,
    title: plan.title,
    why: plan.why,
    file: plan.file,
    ...scenarioVerdict({ checks, diagnosis, expected: plan.diagnosis, remedy, lost: evidence.missing }),
    headline: headline(diagnosis, checks, untriedInbound(evidence)),
    flow,
    topology: topologyOf(plan),
    checks,
    paths: pathsTold(evidence, diagnosis, flow),
    causes: diagnosis.found.map((found) => causeResult(found, { plan, verification, predictor })),
    ...notFound(diagnosis),
    expectedCauses: plan.diagnosis,
    remedy,
    ...predictedTogether(diagnosis, plan.checks, predictor),
    ...whatIfResult(finished.whatIf, predictor),
    assumptions: assumptionsOf(evidence),
    warnings: [...new Set([...plan.warnings, ...engineWarnings(evidence), ...warnings])],
    ...sentBy(evidence),
    timing,
    evidence: file,
  };
}

/** Causes that were considered and not found, and checks that no cause explains. */
function notFound(diagnosis: Diagnosis): Pick<ScenarioResult, 'ruledOut' | 'inconclusive' | 'unexplained'> {
  return {
    ruledOut: diagnosis.ruledOut.map(({ cause, ruling }) => ({
      id: cause.id,
      title: cause.title,
      because: ruling.because,
      oftenBlamed: ruling.oftenBlamed,
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

/** The paths of the checks, and of what a cause or the headline speaks of, in the order of the probes. */
function pathsTold({ probes }: Evidence, { found, paths }: Diagnosis, story: string | undefined): readonly FlowPath[] {
  const told = new Set([story, ...found.map(({ flow }) => flow?.id)]);
  return probes
    .filter(({ id, purpose }) => purpose === 'check' || told.has(id))
    .flatMap((probe) => paths.of(probe) ?? []);
}

interface Told {
  readonly plan: Planned;
  readonly verification: Verification;
  readonly predictor: Predictor;
}

function causeResult(
  { cause, ruling, explanation, flow, remedies }: FoundCause,
  { plan, verification: { byCause }, predictor }: Told,
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
    observations: ruling.because.map((one) => ({ ...one, sentence: observationText(one) })),
    flow: flow?.id,
    explains: plan.checks.map(({ id }) => id).filter((id) => ruling.explains.includes(id)),
    remedies: remedies.map((remedy) =>
      remedyResult(remedy, predictor, remedy === applied ? byCause.get(cause.id) : undefined),
    ),
  };
}

function remedyResult(
  { title, use, commands, changes }: FoundRemedy,
  predictor: Predictor,
  proof: RemedyOutcome = { proof: 'not tried', because: '' },
): RemedyResult {
  const because = ('because' in proof && proof.because) || undefined;
  const prediction = predictionResult(predictor.after(changes));
  return { title, commands, use, prediction, proof: proof.proof, because };
}
