import type { FlowPath, PathHop } from '../path/path.js';
import { reasonKey } from '../path/reason.js';
import type { Paths } from '../path/paths.js';
import { hasPath } from '../path/trace.js';
import { ruledOut, type Cause, type RuledOut } from './cause.js';
import type { FoundCause } from './diagnosis.js';
import type { Flow } from './flow.js';
import { failing } from './flow-questions.js';
import { predictedBlock } from './predicted.js';

/** Causes that hold, and those that observations contradict. */
export interface Held {
  readonly held: readonly FoundCause[];
  readonly contradicted: readonly { readonly cause: Cause; readonly ruling: RuledOut }[];
}

/**
 * What was observed beats what was read. A failing flow ends at a place for a reason that the model reads there: a link that is
 * set down, a rule. A flow that arrives through that place, where the model reads the same reason, shows that the reason does
 * not hold, or does no more. A rule that a trace shows dropping packets holds, even where a flow arrives.
 */
export function heldAgainst(
  { paths, flows }: { readonly paths: Paths; readonly flows: readonly Flow[] },
  found: readonly FoundCause[],
): Held {
  if (found.length === 0) return { held: [], contradicted: [] };
  const passed = new Map(
    flows
      .filter(({ arrival, probe }) => arrival === 'all' && hasPath(probe))
      .flatMap((flow) =>
        paths
          .predicted(flow.probe)
          .filter(blocks)
          .map((step) => [keyOf(step), flow] as const),
      ),
  );
  if (passed.size === 0) return { held: found, contradicted: [] };
  const judged = found.map((one) => ({ one, ...against(paths, { one, flows, passed }) }));
  return {
    held: judged.flatMap(({ one, all, some }) => (all ? [] : [some ? doubted(one) : one])),
    contradicted: judged.flatMap(({ one: { cause }, all }) => (all ? [{ cause, ruling: ruledOut(all) }] : [])),
  };
}

function doubted({ ruling, ...one }: FoundCause): FoundCause {
  return { ...one, ruling: { ...ruling, confidence: 'likely' } };
}

interface Judged {
  readonly one: FoundCause;
  readonly flows: readonly Flow[];
  readonly passed: ReadonlyMap<string, Flow>;
}

/** What lets others through of the places where a cause's flows end: `all` of them, or `some`, as a sentence. */
function against(paths: Paths, { one, flows, passed }: Judged): { readonly all?: string; readonly some?: string } {
  const explained = failing(flows).filter(({ id }) => one.ruling.explains.includes(id));
  const ends = explained.flatMap((flow) => predictedBlock(paths, flow)?.hop ?? endOf(paths.ofAny(flow.probe)) ?? []);
  const open = ends.filter((end) => passed.has(keyOf(end)));
  const [first] = open;
  const flow = first && passed.get(keyOf(first));
  if (!first || !flow) return {};
  const sentence = `${flow.from.label} reaches ${flow.to.label} through the same place on ${first.node}.`;
  return open.length === explained.length ? { all: sentence } : { some: sentence };
}

/** The place a flow ends at for a reason that was read; `undefined` where none was, or where a trace shows it. */
function endOf({ end, forward, return: returned }: FlowPath): PathHop | undefined {
  const step = (end?.direction === 'forward' ? forward : returned).find(({ observed }) => observed === 'lost');
  return step?.predicted.verdict === 'blocks' && step.traced === undefined ? step : undefined;
}

/** A packet that is redirected may get a reply all the same: one that comes shows nothing. */
function blocks({ predicted }: Pick<PathHop, 'predicted'>): boolean {
  return predicted.verdict === 'blocks' && predicted.reason.kind !== 'redirected';
}

function keyOf({ node, hop, predicted }: Pick<PathHop, 'node' | 'hop' | 'predicted'>): string {
  return [node, hop, predicted.verdict === 'blocks' ? reasonKey(predicted.reason) : ''].join(' ');
}
