import { diagnose } from '../diagnosis/diagnose.js';
import type { Evidence } from '../evidence/evidence.js';
import { renderHtml } from '../report/html/page.js';
import { resultJson } from '../report/json.js';
import { RESULT_SCHEMA, RESULT_VERSION, type Result } from '../report/result.js';
import type { Plan } from '../scenario/plan.js';
import { TOOL } from '../version.js';
import { exitCodeOf } from '../report/outcome.js';
import { notVerified, scenarioResult } from '../report/scenario-result.js';

const NOTHING_LEFT = { state: 'complete', left: [] } as const;

/**
 * The files of a report that shows what a run leaves, made again from recorded evidence: the same evidence, plan and tool give
 * the same text.
 *
 * @returns the text of each file, by its name in the directory of the report
 */
export function sampleReport(plan: Plan, evidence: Evidence): Readonly<Record<string, string>> {
  const result = sampleResult({ ...plan, file: `scenarios/${plan.id}.yaml` }, evidence);
  return {
    'index.html': renderHtml(result),
    'result.json': resultJson(result),
    'evidence.json': `${JSON.stringify(evidence)}\n`,
  };
}

/** The run lasted longer than no time, but only the evidence was recorded. */
function sampleResult(plan: Plan, evidence: Evidence): Result {
  const scenario = scenarioResult({
    plan,
    evidence,
    diagnosis: diagnose(evidence),
    verification: notVerified('it is diagnosed from saved evidence'),
    warnings: [],
    timing: [],
    file: 'evidence.json',
  });
  const { takenAt, facts } = evidence;
  const exitCode = exitCodeOf([scenario], NOTHING_LEFT);
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: RESULT_VERSION,
    tool: TOOL,
    run: { id: 'sample', verb: 'run', startedAt: takenAt, endedAt: takenAt, exitCode },
    environment: facts.engine && { engine: 'lab', facts: facts.engine },
    scenarios: [scenario],
    cleanup: NOTHING_LEFT,
    error: undefined,
    timing: [],
  };
}
