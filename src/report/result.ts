import type { CauseKind, Layer } from '../diagnosis/cause.js';
import type { PrintedCommand, PrintedRemedy } from '../diagnosis/diagnosis.js';
import type { EngineFact } from '../evidence/facts.js';
import type { Hop } from '../path/hop.js';
import type { FlowPath } from '../path/path.js';
import type { CheckPlan, Plan } from '../scenario/plan.js';
import type { Failure } from '../evidence/evidence.js';
import type { PredictedChanges, PredictedRemedy } from './prediction-result.js';

/** Version of the result format, semver: readers accept any file of the same major version. */
export const RESULT_VERSION = '2.1.0';

/** Where the published schema of a result lives. */
export const RESULT_SCHEMA = 'https://ipvlan-doctor.dev/schema/result-2.json';

/** `pass`: as expected. `fail`: otherwise. `flaky`: some attempts arrived. `skipped`: cannot be asked here. `broken`: we could not ask or tell. */
export type Verdict = 'pass' | 'fail' | 'flaky' | 'skipped' | 'broken';

/** One run of the tool: `result.json`. Keys keep their order, so that two results diff well. */
export interface Result {
  readonly $schema: string;
  readonly schemaVersion: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly run: RunInfo;
  /** Absent when the engine was never reached. */
  readonly environment: Environment | undefined;
  readonly scenarios: readonly ScenarioResult[];
  readonly cleanup: CleanupResult;
  /** What stopped the run early; absent when it ran to its end. */
  readonly error: ErrorInfo | undefined;
  /** Milliseconds per phase over the whole run, in order. */
  readonly timing: readonly Phase[];
}

export interface RunInfo {
  readonly id: string;
  /** `run`, `diagnose`, `validate`. */
  readonly verb: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** The code the process ended with. */
  readonly exitCode: number;
}

export interface Environment {
  /** How the engine was reached: `lab (trixie)`, `unix:///var/run/docker.sock`, … */
  readonly engine: string;
  readonly facts: EngineFact;
  /**
   * The image that temporary helper containers were started from: its name where it has one, and the beginning of its id.
   * Absent when none was started, and in results of older versions.
   */
  readonly agentImage?: string;
}

export interface ErrorInfo {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface Phase {
  readonly phase: string;
  readonly ms: number;
}

export interface CleanupResult {
  /** `complete`: nothing of ours is left. `kept`: kept on request. `incomplete`: see `left`. */
  readonly state: 'complete' | 'kept' | 'incomplete';
  /** What could not be removed, one sentence each. */
  readonly left: readonly string[];
}

export interface ScenarioResult extends PredictedChanges {
  readonly id: string;
  readonly title: string;
  readonly why: string | undefined;
  readonly file: string | undefined;
  readonly verdict: Verdict;
  /** Why it was skipped or broken, or what differs from the expected diagnosis; absent when the verdict says it all. */
  readonly reason: string | undefined;
  /** The one sentence: what is broken and where, or that nothing is. */
  readonly headline: string;
  /**
   * Id of the flow that the headline, the picture and annotations are about. Absent where the story is the engine's, where
   * nothing was sent, and in results before 2.0.
   */
  readonly flow?: string | undefined;
  /** What `validate --offline` finds wrong, one sentence each. Absent for everything else. */
  readonly problems?: readonly string[];
  /** Absent when the topology was never created. */
  readonly topology: Pick<Plan, 'site' | 'networks' | 'containers' | 'faults'> | undefined;
  readonly checks: readonly CheckResult[];
  /** The path of each checked flow, and of each a cause speaks of, in both directions: predicted and observed. */
  readonly paths: readonly FlowPath[];
  /** Those found, primary first. */
  readonly causes: readonly CauseResult[];
  readonly ruledOut: readonly {
    readonly id: string;
    readonly title: string;
    readonly because: string;
    readonly oftenBlamed: boolean;
  }[];
  readonly inconclusive: readonly InconclusiveResult[];
  /** Ids of failing checks that no found cause accounts for. */
  readonly unexplained: readonly string[];
  readonly expectedCauses: readonly string[] | undefined;
  readonly remedy: RemedyOutcome;
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
  /** What the first look sent: how many probes, and how many packets they handed to the kernel at most. Absent when not known. */
  readonly sent?: { readonly probes: number; readonly packets: number };
  readonly timing: readonly Phase[];
  /** Evidence file within the report directory; absent when none was gathered. */
  readonly evidence: string | undefined;
}

export interface CheckResult {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly over: string;
  readonly line: number | undefined;
  readonly expected: CheckPlan['expect'];
  readonly observed: 'reachable' | 'partly reachable' | 'blocked' | 'unknown';
  readonly attempts: { readonly sent: number; readonly arrived: number };
  /** Milliseconds, average; absent when nothing arrived. */
  readonly roundTripMs: number | undefined;
  /** `not-running`: nothing was sent, for an end of it is a container that does not run. */
  readonly failure: Failure | 'not-running' | undefined;
  /**
   * What the model says where nothing was sent, because no machine outside could be made to: of the request from where it arrives at the
   * host, and of the reply to where it leaves. Absent otherwise, and before 2.1.
   */
  readonly predicted?: 'reachable' | 'blocked' | 'unknown';
  /** The tool's own words. */
  readonly said: readonly string[];
  readonly verdict: Verdict;
  /** Ids of the found causes that account for it. */
  readonly explainedBy: readonly string[];
  /** What the same check gave after the remedy; absent when it was not repeated. */
  readonly afterRemedy: 'reachable' | 'partly reachable' | 'blocked' | 'unknown' | undefined;
}

export interface CauseResult {
  readonly id: string;
  readonly title: string;
  readonly kind: CauseKind;
  readonly layer: Layer;
  readonly hop: Hop;
  /** One sentence with this run's addresses. */
  readonly explanation: string;
  readonly background: string;
  readonly see: readonly string[];
  readonly confidence: 'certain' | 'likely';
  /** What it rests on. */
  readonly observations: readonly ObservationResult[];
  /** Id of the flow that `explanation` speaks of. Absent for what the engine rejected, and in results before 2.0. */
  readonly flow?: string | undefined;
  /** Ids of the checks it accounts for. */
  readonly explains: readonly string[];
  readonly remedies: readonly RemedyResult[];
}

/** One observation: its kind with the data of that kind, as `Observation` has them, and the sentence that says it. */
export interface ObservationResult {
  readonly kind: string;
  readonly sentence: string;
  readonly [data: string]: unknown;
}

/**
 * `verified`: applied in this run, and what its cause explains then passed, and failed without it. `failed`: applied, and it did
 * not pass. `not tried`: not applied, or not to be told apart from the remedies of other causes.
 */
export type Proof = 'verified' | 'failed' | 'not tried';

export interface RemedyResult extends PrintedRemedy, PredictedRemedy {
  readonly proof: Proof;
  /** Why it failed or was not tried; absent when it is verified, and for remedies that no run tries. */
  readonly because?: string | undefined;
}

/** What became of the remedies as a whole. */
export type RemedyOutcome =
  | { readonly proof: 'verified' }
  | { readonly proof: 'failed'; readonly because: string }
  | { readonly proof: 'not tried'; readonly because: string };

export interface InconclusiveResult {
  readonly id: string;
  readonly title: string;
  readonly missing: string;
  readonly explains: readonly string[];
  readonly oneOf: readonly string[];
  readonly test: PrintedCommand | undefined;
}
