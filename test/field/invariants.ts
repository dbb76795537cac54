import type { Evidence } from '../../src/evidence/evidence.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { failing } from '../../src/diagnosis/flow-questions.js';
import type { FlowPath, PathHop } from '../../src/path/path.js';
import { reasonKey } from '../../src/path/reason.js';
import type { CauseResult, ScenarioResult } from '../../src/report/result.js';
import { strayEndings } from '../replay/endings.js';
import type { Breakage } from './breakage.js';

/** What one view of a situation came to. */
export interface Seen {
  /** `site`: as a run sees it. `host`: as `diagnose` sees it. */
  readonly view: 'site' | 'host';
  readonly result: ScenarioResult;
  readonly evidence: Evidence;
}

/** What must hold of every situation. Returns a sentence for each time it does not. */
export type Invariant = (seen: Seen, broken: readonly Breakage[]) => readonly string[];

/** A short list has at most so many. A longer one says a place, and names no cause. */
const SHORT = 3;

/** What must hold of every situation, as the field demands it. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  'no cause without a failing check': ({ result, evidence }) => {
    const failed = new Set(result.checks.filter(hasFailed).map(({ id }) => id));
    const { flows, found } = diagnose(evidence);
    const lost = new Set(failing(flows).map(({ id }) => id));
    return breaking(result)
      .filter(({ id, explains }) => {
        const first = found.find(({ cause }) => cause.id === id)?.ruling.explains ?? [];
        return ![...explains, ...first].some((flow) => failed.has(flow) || lost.has(flow));
      })
      .map(({ id }) => `${id} explains no flow that fails`);
  },

  'no cause contradicted by a passing check': ({ result }) => {
    const passing = result.checks.filter(({ observed }) => observed === 'reachable').map(({ id }) => id);
    return breaking(result).flatMap((cause) => [
      ...passing.filter((id) => cause.explains.includes(id)).map((id) => `${cause.id} explains ${id}, which passes`),
      ...passedSamePlace(cause, result, passing),
    ]);
  },

  'what arrives is not predicted to be blocked': ({ result }) =>
    result.paths
      .filter(({ agreement }) => agreement === 'prediction wrong')
      .map(({ id, verdict }) => `${id} arrives, and the model says ${JSON.stringify(verdict)}`),

  'a failing path ends where a cause acts': ({ view, evidence }) =>
    view === 'site'
      ? strayEndings(evidence).map(
          ({ flow, expected, measured, agreement }) =>
            `${flow} ends at ${measured ?? 'no place'} (${agreement}), and its causes act at ${expected.join(', ')}`,
        )
      : [],

  // A fault of no catalogue has no fix.
  'the fix cures': ({ view, result }, broken) => {
    if (view !== 'site' || broken.some(({ freeForm }) => freeForm)) return [];
    return result.remedy.proof === 'failed' ? [`the fix does not: ${result.remedy.because}`] : [];
  },

  'nothing is found in a healthy network': ({ result }, broken) =>
    broken.length > 0
      ? []
      : [
          ...result.checks.filter(hasFailed).map(({ id, said }) => `${id} fails: ${said.join(' ')}`),
          ...result.causes.map(({ id }) => `${id} is found`),
          ...result.inconclusive.filter(({ explains }) => explains.length > 0).map(({ id }) => `${id} is suspected`),
        ],

  'nothing is named but what is broken': ({ result: { causes } }, broken) => {
    const true_ = broken.flatMap((one) => one.causes);
    return causes.flatMap(({ id, confidence, explanation }, at) =>
      true_.some((one) => one === id)
        ? []
        : [`${at === 0 ? 'first of all, ' : ''}${id} (${confidence}): ${explanation}`],
    );
  },

  'a short list holds the cause': ({ result }, broken) => {
    if (broken.some(({ freeForm }) => freeForm)) return [];
    const true_ = broken.flatMap((one) => one.causes);
    const lists = result.inconclusive
      .filter(({ explains, oneOf }) => explains.length > 0 && oneOf.length > 0 && oneOf.length <= SHORT)
      .filter(({ oneOf }) => !true_.some((cause) => oneOf.includes(cause)))
      .map(({ oneOf }) => `one of ${[...oneOf].sort().join(', ')}, which are all not broken`);
    return [...new Set(lists)];
  },

  'a failing check is accounted for': ({ result }) => {
    const told = new Set([
      ...result.causes.flatMap(({ explains }) => explains),
      ...result.inconclusive.flatMap(({ explains }) => explains),
      ...result.unexplained,
    ]);
    return result.checks.filter((one) => hasFailed(one) && !told.has(one.id)).map(({ id }) => `${id} is left out`);
  },
};

/** An invariant that does not hold, and why. */
export interface Break {
  readonly view: Seen['view'];
  readonly invariant: string;
  readonly why: string;
}

/** Every invariant that one view of a situation breaks. Pure. */
export function breaksOf(seen: Seen, broken: readonly Breakage[]): readonly Break[] {
  return Object.entries(INVARIANTS).flatMap(([invariant, holds]) =>
    holds(seen, broken).map((why) => ({ view: seen.view, invariant, why })),
  );
}

/** What a view came to, in one word, as the tables of confusion count it. */
export function answerOf({ result }: Seen, broken: readonly Breakage[]): string {
  const { causes, inconclusive, checks } = result;
  const true_ = new Set<string>(broken.flatMap((one) => one.causes));
  if (causes.length > 0) return causes.every(({ id }) => true_.has(id)) ? 'named' : 'wrong';
  const open = inconclusive.filter(({ explains }) => explains.length > 0);
  if (open.some(({ oneOf }) => oneOf.length > 0 && oneOf.length <= SHORT)) return 'short list';
  if (open.length > 0) return 'list';
  return checks.some(hasFailed) ? 'unexplained' : 'nothing';
}

/** Causes that break something: those that are only worth saying may be told of a check that passes. */
function breaking({ causes }: ScenarioResult): readonly CauseResult[] {
  return causes.filter(({ kind }) => kind !== 'informational');
}

function hasFailed({ observed }: ScenarioResult['checks'][number]): boolean {
  return observed === 'blocked' || observed === 'partly reachable';
}

/** Passing flows through the place, and for the reason, that a certain cause's own flow ends at. */
function passedSamePlace(
  { id, confidence, flow }: CauseResult,
  { paths }: ScenarioResult,
  passing: readonly string[],
): readonly string[] {
  const story = paths.find((path) => path.id === flow);
  const end = story && [...story.forward, ...story.return].find(({ observed }) => observed === 'lost');
  const key = end && end.traced === undefined ? keyOf(end) : undefined;
  if (confidence !== 'certain' || key === undefined) return [];
  return paths
    .filter((path) => passing.includes(path.id) && hopsOf(path).some((hop) => keyOf(hop) === key))
    .map((path) => `${id} is certain, and ${path.id} passes the same place`);
}

function hopsOf(path: FlowPath): readonly PathHop[] {
  return [...path.forward, ...path.return];
}

/** A place with the reason to block there; `undefined` where none is predicted. */
function keyOf({ node, hop, predicted }: PathHop): string | undefined {
  return predicted.verdict === 'blocks' ? [node, hop, reasonKey(predicted.reason)].join(' ') : undefined;
}
