import { join } from 'node:path';
import { diagnose } from '../../diagnosis/diagnose.js';
import type { Diagnosis } from '../../diagnosis/diagnosis.js';
import type { ScenarioResult } from '../../report/result.js';
import { scenarioResult } from '../../report/scenario-result.js';
import { Cleanup } from '../../topology/cleanup.js';
import { execute } from '../../topology/execute.js';
import { settle } from '../../topology/settle.js';
import { Clock } from '../clock.js';
import { evidenceFile, keepEvidence } from '../keep-evidence.js';
import type { Examination } from './examination.js';
import { commandsOf } from './fault-commands.js';
import { isKept } from './keep.js';
import { notTried, verifyRemedies, type VerifiedDiagnosis } from './remedies/verify-remedies.js';
import { lookAgainAt, scenarioEvidence } from './scenario-look.js';

/** Injects the scenario's faults, looks, diagnoses, verifies the fix, and undoes it all. */
export async function examine(examination: Examination): Promise<ScenarioResult> {
  const { plan, onStep, left, shell, topology, used } = examination;
  const clock = new Clock();
  await using injected = new Cleanup(left);
  await using cleanup = new Cleanup(left);
  if (used) await clock.time('settle', () => settle(plan, shell, topology.nodes));
  await clock.time('inject', () => injectFaults(examination, injected));
  onStep('probing');
  const { looked, again } = await clock.time('probe', () => lookAgainAt(examination, 'everything'));
  const evidence = scenarioEvidence(examination, looked);
  await clock.time('keep', () => keepEvidence(examination.directory, { id: plan.id, evidence, pcaps: looked.pcaps }));
  const seen = await clock.time('diagnose', () => Promise.resolve(diagnose(evidence)));
  const { diagnosis, ...verification } = await clock.time('verify', () => verifyIfAsked(examination, seen, cleanup));
  const result = scenarioResult({
    plan,
    evidence,
    diagnosis,
    verification,
    warnings: again === undefined ? [] : [again],
    timing: clock.phases,
    file: evidenceFile(plan),
  });
  if (isKept(examination.keep, result)) injected.move();
  return result;
}

/** Injects a scenario's faults; `injected` undoes them. */
export async function injectFaults(examination: Examination, injected: Cleanup): Promise<void> {
  const { plan, topology, onStep } = examination;
  const faults = commandsOf(plan);
  onStep(faults.length > 0 ? 'injecting the fault' : 'healthy, without a fault');
  const undo = await execute({ ...examination, nodes: topology.nodes }, faults);
  injected.defer(`undo the faults of ${plan.id}`, undo);
}

async function verifyIfAsked(
  examination: Examination,
  diagnosis: Diagnosis,
  cleanup: Cleanup,
): Promise<VerifiedDiagnosis> {
  if (examination.plan.remedy === 'skip') return notTried(diagnosis, 'the scenario skips it');
  return verifyRemedies({
    ...examination,
    diagnosis,
    cleanup,
    again: async (checks) => (await lookAgainAt(examination, checks)).looked,
    lookDeeper: async (layer) => {
      const { looked } = await lookAgainAt(examination, 'everything');
      const evidence = scenarioEvidence(examination, looked);
      const id = join(examination.plan.id, `after-remedy-${layer}`);
      await keepEvidence(examination.directory, { id, evidence, pcaps: looked.pcaps });
      return evidence;
    },
  });
}
