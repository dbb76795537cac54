import { z } from 'zod';
import { LAYERS } from '../diagnosis/cause.js';
import { failureSchema } from '../evidence/schema.js';
import { factsSchema } from '../evidence/schema-facts.js';
import { pathSchema, hopSchema } from './schema-path.js';
import { topologySchema } from './schema-topology.js';
import type { Result } from './result.js';

const text = z.string();
const texts = z.array(text);
const verdict = z.enum(['pass', 'fail', 'flaky', 'skipped', 'broken']);
const observed = z.enum(['reachable', 'partly reachable', 'blocked', 'unknown']);
const phase = z.object({ phase: text, ms: z.number() });
const command = z.object({ on: text, run: text, undo: text.optional() });

const expectation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('reachable') }),
  z.object({ kind: z.literal('blocked') }),
  z.object({ kind: z.literal('blocked-by'), cause: text }),
  z.object({ kind: z.literal('flaky-by'), cause: text }),
]);

const check = z.object({
  id: text,
  from: text,
  to: text,
  address: text,
  over: text,
  line: z.number().optional(),
  expected: expectation,
  observed,
  attempts: z.object({ sent: z.number(), arrived: z.number() }),
  roundTripMs: z.number().optional(),
  failure: z.union([failureSchema, z.literal('not-running')]).optional(),
  predicted: z.enum(['reachable', 'blocked', 'unknown']).optional(),
  said: texts,
  verdict,
  explainedBy: texts,
  afterRemedy: observed.optional(),
});

const predictedCheck = z.object({
  id: text,
  place: z.object({ direction: z.enum(['forward', 'return']), hop: hopSchema, node: text }).optional(),
  because: text,
});
const predictedChecks = z.array(predictedCheck);
const prediction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('predicted'),
    sentence: text,
    mended: texts,
    failing: predictedChecks,
    broken: predictedChecks,
    open: predictedChecks,
    assumed: texts,
  }),
  z.object({ kind: z.literal('not-predictable'), sentence: text, why: z.looseObject({ kind: text }) }),
]);

const remedy = z.object({
  title: text,
  commands: z.array(command),
  use: z.enum(['run', 'advice']),
  prediction: prediction.optional(),
  proof: z.enum(['verified', 'failed', 'not tried']),
  // Results before remedies were verified apart have none.
  because: text.optional(),
});

const cause = z.object({
  id: text,
  title: text,
  kind: z.enum(['fault', 'by-design', 'informational']),
  layer: z.enum(LAYERS),
  hop: hopSchema,
  explanation: text,
  background: text,
  see: texts,
  confidence: z.enum(['certain', 'likely']),
  observations: z.array(z.looseObject({ kind: text, sentence: text })),
  flow: text.optional(),
  explains: texts,
  remedies: z.array(remedy),
});

const inconclusive = z.object({
  id: text,
  title: text,
  missing: text,
  explains: texts,
  oneOf: texts,
  test: command.optional(),
});

const remedyOutcome = z.discriminatedUnion('proof', [
  z.object({ proof: z.literal('verified') }),
  z.object({ proof: z.literal('failed'), because: text }),
  z.object({ proof: z.literal('not tried'), because: text }),
]);

const scenario = z.object({
  id: text,
  title: text,
  why: text.optional(),
  file: text.optional(),
  verdict,
  reason: text.optional(),
  headline: text,
  problems: texts.optional(),
  flow: text.optional(),
  topology: topologySchema.optional(),
  checks: z.array(check),
  paths: z.array(pathSchema),
  causes: z.array(cause),
  ruledOut: z.array(z.object({ id: text, title: text, because: text, oftenBlamed: z.boolean() })),
  inconclusive: z.array(inconclusive),
  unexplained: texts,
  expectedCauses: texts.optional(),
  remedy: remedyOutcome,
  prediction: prediction.optional(),
  whatIf: z.object({ change: text, prediction }).optional(),
  assumptions: texts,
  warnings: texts,
  sent: z.object({ probes: z.number(), packets: z.number() }).optional(),
  timing: z.array(phase),
  evidence: text.optional(),
});

/** What a result file must look like. Unknown keys are dropped: a newer minor version may have written them. */
export const resultSchema = z.object({
  $schema: text,
  schemaVersion: text,
  tool: z.object({ name: text, version: text }),
  run: z.object({ id: text, verb: text, startedAt: text, endedAt: text, exitCode: z.number() }),
  environment: z
    .object({ engine: text, facts: factsSchema.shape.engine.unwrap(), agentImage: text.optional() })
    .optional(),
  scenarios: z.array(scenario),
  cleanup: z.object({ state: z.enum(['complete', 'kept', 'incomplete']), left: texts }),
  error: z.object({ code: text, message: text, hint: text.optional() }).optional(),
  timing: z.array(phase),
});

/** Like a type, but with every key required, so that two types are alike only when none lacks a key of the other. */
type Exact<Type> = Type extends string | number | boolean | undefined
  ? Type
  : Type extends readonly (infer Item)[]
    ? readonly Exact<Item>[]
    : { readonly [Key in keyof Type]-?: Exact<Exclude<Type[Key], undefined>> | 'absent' };
type Alike<A, B> = [Exact<A>, Exact<B>] extends [Exact<B>, Exact<A>]
  ? true
  : 'the schema and the type of a result differ';
type Scenario = Result['scenarios'][number];
type ParsedScenario = z.infer<typeof scenario>;
/**
 * Does not compile once the type of a result has what the schema lacks, or the other way round. What a scenario created is
 * left out: it is passed on as it is.
 */
[true, true] satisfies [
  Alike<Omit<z.infer<typeof resultSchema>, 'scenarios'>, Omit<Result, 'scenarios'>>,
  Alike<Omit<ParsedScenario, 'topology'>, Omit<Scenario, 'topology'>>,
];
