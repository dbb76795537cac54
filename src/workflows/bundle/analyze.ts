import type { Contents, Manifest } from '../../report/bundle.js';
import { RESULT_SCHEMA, RESULT_VERSION, type Result } from '../../report/result.js';
import type { Wish } from '../../diagnosis/what-if/wish.js';
import { TOOL } from '../../version.js';
import { exitCodeOf } from '../../report/outcome.js';
import { rediagnosed } from './rediagnose.js';

const NOTHING_LEFT = { state: 'complete', left: [] } as const;

/** Diagnoses a bundle's evidence with today's rules: no engine, no network, any machine. */
export function analyze(
  { manifest, result, evidence }: Contents & { readonly manifest: Manifest },
  runId: string,
  whatIf?: readonly Wish[],
): Result {
  const startedAt = new Date().toISOString();
  const scenarios = [...evidence].map(([id, one]) =>
    rediagnosed({
      id,
      evidence: one,
      was: result?.scenarios.find((scenario) => scenario.id === id),
      verb: result?.run.verb,
      whatIf,
    }),
  );
  const facts = [...evidence.values()].map((one) => one.facts.engine).find((engine) => engine !== undefined);
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: RESULT_VERSION,
    tool: TOOL,
    run: {
      id: runId,
      verb: 'analyze',
      startedAt,
      endedAt: new Date().toISOString(),
      exitCode: exitCodeOf(scenarios, NOTHING_LEFT),
    },
    environment: result?.environment ?? (facts && { engine: `a bundle of ${manifest.createdAt}`, facts }),
    scenarios,
    cleanup: NOTHING_LEFT,
    error: undefined,
    timing: [],
  };
}
