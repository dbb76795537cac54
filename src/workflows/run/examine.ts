import { join } from 'node:path';
import { diagnose } from '../../diagnosis/diagnose.js';
import type { Diagnosis } from '../../diagnosis/diagnosis.js';
import type { Engine, Shell } from '../../engine/engine.js';
import { EVIDENCE_VERSION, type Evidence } from '../../evidence/evidence.js';
import type { Facts } from '../../evidence/facts.js';
import { look } from '../../probes/look.js';
import type { Looked } from '../../probes/look-request.js';
import type { ScenarioResult } from '../../report/result.js';
import type { Plan } from '../../scenario/plan.js';
import { PLATFORMS } from '../../scenario/platforms.js';
import { Cleanup } from '../../topology/cleanup.js';
import { execute } from '../../topology/execute.js';
import type { Journal } from '../../topology/journal.js';
import { settle } from '../../topology/settle.js';
import type { Topology } from '../../topology/topology.js';
import { TOOL } from '../../version.js';
import { Clock } from '../clock.js';
import { commandsOf } from './faults-of.js';
import { evidenceFile, keepEvidence } from '../keep-evidence.js';
import { isKept, type Keep } from './keep.js';
import { lookUntilAsked, type LookedAgain } from './look-again.js';
import { lookRequest, type Wanted } from '../look-request.js';
import { notTried, prove, type Cured } from './prove.js';
import { scenarioResult } from '../scenario-result.js';

/** What a scenario is examined with. */
export interface Examination {
  /** The run's id. */
  readonly run: string;
  readonly plan: Plan;
  readonly topology: Topology;
  /** Whether something was examined on the topology before: it then has to forget first. */
  readonly used: boolean;
  readonly engine: Engine;
  readonly shell: Shell;
  readonly journal: Journal;
  /** The run's report directory. */
  readonly directory: string;
  readonly left: string[];
  /** Whether the faults stay. Remedies are taken back in any case. */
  readonly keep: Keep | undefined;
  /** How many packets each ping sends; five when absent. */
  readonly attempts: number | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

/** Breaks what the scenario breaks, looks, diagnoses, proves the remedy, and puts everything back. */
export async function examine(examination: Examination): Promise<ScenarioResult> {
  const { plan, onStep, left, shell, topology, used } = examination;
  const clock = new Clock();
  await using broken = new Cleanup(left);
  await using cleanup = new Cleanup(left);
  if (used) await clock.time('settle', () => settle(plan, shell, topology.nodes));
  const faults = commandsOf(plan);
  onStep(faults.length > 0 ? 'breaking' : 'healthy on purpose');
  const undo = await clock.time('break', () => execute({ ...examination, nodes: topology.nodes }, faults));
  broken.defer(`undo the faults of ${plan.id}`, undo);
  onStep('probing');
  const { looked, again } = await clock.time('probe', () => lookAt(examination, 'everything'));
  const evidence = evidenceOf(examination, looked);
  await clock.time('keep', () => keepEvidence(examination.directory, { ...plan, evidence, ...looked }));
  const seen = await clock.time('diagnose', () => Promise.resolve(diagnose(evidence)));
  const { diagnosis, ...proven } = await clock.time('prove', () => proveIfAsked(examination, seen, cleanup));
  const warnings = again === undefined ? [] : [again];
  const finished = { plan, evidence, diagnosis, proven, warnings, timing: clock.phases, file: evidenceFile(plan) };
  const result = scenarioResult(finished);
  if (isKept(examination.keep, result)) broken.move();
  return result;
}

function lookAt(examination: Examination, which: Wanted): Promise<LookedAgain> {
  const { plan, shell, topology, onStep } = examination;
  return lookUntilAsked({
    look: (request) => look(shell, request),
    request: () => lookRequest(examination, which),
    between: () => settle(plan, shell, topology.nodes),
    onStep,
  });
}

async function proveIfAsked(examination: Examination, diagnosis: Diagnosis, cleanup: Cleanup): Promise<Cured> {
  if (examination.plan.remedy === 'skip') return notTried(diagnosis, 'the scenario skips it');
  return prove({
    ...examination,
    diagnosis,
    cleanup,
    again: async (checks) => (await lookAt(examination, checks)).looked,
    lookDeeper: async (layer) => {
      const { looked } = await lookAt(examination, 'everything');
      const evidence = evidenceOf(examination, looked);
      const id = join(examination.plan.id, `after-remedy-${layer}`);
      await keepEvidence(examination.directory, { id, evidence, pcaps: looked.pcaps });
      return evidence;
    },
  });
}

function evidenceOf({ plan, topology, engine }: Examination, { facts, probes, missing, takenAt }: Looked): Evidence {
  return {
    schemaVersion: EVIDENCE_VERSION,
    origin: 'recorded',
    tool: TOOL,
    takenAt,
    facts: { engine: engine.facts, ...topology.facts, ...facts, ...assumedPlatform(plan, facts) },
    probes,
    missing,
  };
}

/** What the scenario takes the host to be, in place of what it is. */
function assumedPlatform({ site: { platform } }: Plan, { platform: seen = {} }: Looked['facts']): Partial<Facts> {
  if (platform === undefined) return {};
  const wireless = seen['host']?.wireless ?? [];
  return { platform: { host: { id: platform, ...PLATFORMS[platform], wireless, origin: 'assumed' } } };
}
