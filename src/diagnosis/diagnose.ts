import type { Evidence } from '../evidence/evidence.js';
import type { NodeFact } from '../evidence/facts.js';
import { AssumedSurroundings } from '../network/surroundings.js';
import { Paths } from '../path/paths.js';
import { knownFrom } from '../path/trace.js';
import type { Driver } from '../scenario/plan.js';
import { CAUSES } from './causes/index.js';
import { withAffectedFlows } from './symptoms/affected-flows.js';
import { cannotTell, type Cause, type Detection, type Found, type Inconclusive, type Observed } from './cause.js';
import { heldAgainst } from './contradicted.js';
import type { Diagnosis, FoundCause } from './diagnosis.js';
import type { Flow } from './flow.js';
import { flowsOf } from './flows.js';
import { suppose, type SupposedRulings } from './hypotheses/suppose.js';
import { leftOut } from './independent.js';
import { askedOf, beside, notExplainedAway, primaryFirst } from './precedence.js';
import { printedInconclusive, printedRemedies } from './printed.js';
import { failing, idsOf, telling } from './flow-questions.js';
import { asPredicted, isPredicted, withPredicted } from './predicted.js';

/**
 * What the evidence says, cause by cause. The same evidence always gives the same answer, on any machine.
 *
 * A cause that needs a fact that could not be observed is inconclusive, never ruled out. What the driver does by design counts
 * only where it explains a check of the scenario.
 */
export function diagnose(evidence: Evidence, causes: readonly Cause[] = CAUSES): Diagnosis {
  const { observed, flows } = observedIn(evidence);
  const applicable = applicableTo(evidence, causes);
  const known = { flows, nodes: evidence.facts.nodes ?? [] };
  const ruled = applicable.map((cause) => ({ cause, ruling: rule(cause, evidence, observed) }));
  const found = ruled.flatMap(({ cause, ruling }) =>
    ruling?.ruling === 'found' ? [foundCause(cause, ruling, known)] : [],
  );
  const { held, contradicted } = heldAgainst({ paths: observed.paths, flows }, hiddenBehindOthers(found));
  const seen = notExplainedAway(
    held.filter((one) => matters(one, flows)),
    flows,
  );
  const supposed = supposedBeside(seen, applicable, { evidence, observed });
  const relevant = [...seen, ...supposed.found.map(({ cause, ruling }) => foundCause(cause, ruling, known))];
  const inconclusive = beside(relevant, [
    ...ruled.flatMap(({ cause, ruling }) => (ruling?.ruling === 'inconclusive' ? [{ cause, ruling }] : [])),
    ...supposed.inconclusive,
  ]).map(printed);
  const open = unexplained(
    flows,
    [...relevant, ...inconclusive].flatMap(({ ruling }) => ruling.explains),
  );
  const whole = withAffectedFlows(relevant, { paths: observed.paths, flows, unexplained: open });
  const explained = whole.flatMap(({ ruling }) => ruling.explains);
  return {
    found: [...whole].sort(primaryFirst(flows)),
    ruledOut: [
      ...ruled.flatMap(({ cause, ruling }) => (ruling?.ruling === 'ruled-out' ? [{ cause, ruling }] : [])),
      ...contradicted,
    ],
    inconclusive,
    flows,
    paths: observed.paths,
    unexplained: idsOf(open.filter((flow) => !isPredicted(flow))).filter((id) => !explained.includes(id)),
  };
}

/** The causes of the drivers that are in use, or were asked for. */
function applicableTo({ facts: { networks = [], refusals = [] } }: Evidence, causes: readonly Cause[]) {
  const all = [...networks, ...refusals.flatMap((refusal) => refusal.networks)];
  const drivers = new Set(all.map(({ driver }) => driver));
  return causes.filter(({ appliesTo }) => appliesTo.some((driver: Driver) => drivers.has(driver)));
}

/** All flows in the order of the probes, and what every cause receives. */
function observedIn(evidence: Evidence): { readonly observed: Observed; readonly flows: readonly Flow[] } {
  const known = knownFrom(evidence.facts);
  const paths = new Paths(known);
  const flows = withPredicted(paths, flowsOf(evidence));
  const stopped = flows.filter((flow) => !ran(flow));
  return { observed: { ...known, paths, flows: flows.filter(ran), stopped }, flows };
}

function printed({ cause, ruling }: { readonly cause: Cause; readonly ruling: Inconclusive }) {
  return { cause, ruling: printedInconclusive(ruling) };
}

/** What may be wrong where nothing was looked at, of the failing flows that nothing which was seen accounts for. */
function supposedBeside(
  seen: readonly FoundCause[],
  causes: readonly Cause[],
  { evidence, observed }: { readonly evidence: Evidence; readonly observed: Observed },
): SupposedRulings {
  const view = withoutPredicted(observed);
  const explained = new Set(seen.flatMap(({ ruling }) => ruling.explains));
  const aside = new Set(leftOut(evidence.probes, evidence.facts.nodes ?? [], { usual: false }).map(askedOf));
  const open = failing(view.flows).filter(
    ({ id, probe }) => !explained.has(id) && (probe.purpose === 'check' || !aside.has(askedOf({ probe }))),
  );
  if (open.length === 0) return { found: [], inconclusive: [] };
  const targets = view.flows.map(({ to }) => to.address);
  return suppose({ causes, view, healthy: AssumedSurroundings.healthy(evidence.facts, targets), open });
}

function rule(cause: Cause, { facts, missing }: Evidence, observed: Observed): Detection<unknown> {
  const absent = cause.needs.filter((name) => facts[name] === undefined);
  if (absent.length === 0) return cause.detect(cause.predicts ? observed : withoutPredicted(observed));
  const why = absent.map((name) => missing.find(({ fact }) => fact === name)?.reason ?? 'it was not looked at');
  return cannotTell({ missing: absent.map((name, index) => `${name}: ${why[index]}`).join('; ') });
}

function withoutPredicted({ flows, ...rest }: Observed): Observed {
  return { ...rest, flows: flows.filter((flow) => !isPredicted(flow)) };
}

function ran({ probe }: Flow): boolean {
  return probe.outcome.kind !== 'not-running';
}

function foundCause(
  cause: Cause,
  seen: Found<unknown>,
  { flows, nodes }: { readonly flows: readonly Flow[]; readonly nodes: readonly NodeFact[] },
): FoundCause {
  const ruling = asPredicted(seen, flows);
  const explained = flows.filter(({ id }) => ruling.explains.includes(id));
  return {
    cause,
    ruling,
    flow: cause.about === 'engine' ? undefined : (ruling.about ?? telling(explained)),
    explanation: cause.explain(ruling.detail),
    remedies: printedRemedies(cause.remedy(ruling.detail), nodes),
  };
}

/**
 * What the engine rejected matters, with or without a check. Comparison probes never need explaining: what the driver does by
 * design matters only to a check that expects otherwise.
 */
function matters({ cause, ruling }: FoundCause, flows: readonly Flow[]): boolean {
  if (cause.about === 'engine') return true;
  if (cause.kind === 'fault') return ruling.explains.length > 0;
  return flows.some(({ id, probe }) => probe.purpose === 'check' && ruling.explains.includes(id));
}

/** A hidden fault is hidden by another cause: flows that no other cause explains may be lost for any reason. */
function hiddenBehindOthers(found: readonly FoundCause[]): readonly FoundCause[] {
  const explained = new Set(found.flatMap(({ ruling }) => (ruling.hidden ? [] : ruling.explains)));
  return found.flatMap((one) => {
    if (!one.ruling.hidden) return [one];
    const explains = one.ruling.explains.filter((id) => explained.has(id));
    return explains.length > 0 ? [{ ...one, ruling: { ...one.ruling, explains } }] : [];
  });
}

function unexplained(flows: readonly Flow[], explained: readonly string[]): readonly Flow[] {
  return failing(flows).filter(({ id, probe }) => probe.purpose === 'check' && !explained.includes(id));
}
