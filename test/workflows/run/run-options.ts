import type { ScenarioResult } from '../../../src/report/result.js';
import { newRunId, type RunOptions } from '../../../src/workflows/run/run.js';

/** A run as tests do it: in the lab, one scenario after another, without progress. */
export function runOptions(own: Partial<RunOptions> & Pick<RunOptions, 'scenarios' | 'directory'>): RunOptions {
  return {
    engine: 'lab',
    context: undefined,
    agentImage: undefined,
    allowHostChanges: false,
    jobs: 1,
    runId: newRunId(),
    signal: new AbortController().signal,
    onStep: () => undefined,
    onScenario: () => undefined,
    ...own,
  };
}

/** A scenario's verdict on one line, with its reason. */
export function verdictLine({ id, verdict, reason }: ScenarioResult): string {
  return `${id}: ${verdict}${reason ? ` (${reason})` : ''}`;
}
