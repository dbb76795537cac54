import type { Evidence } from '../evidence/evidence.js';
import { Paths } from '../path/paths.js';
import { knownFrom } from '../path/trace.js';
import type { Driver } from '../scenario/plan.js';
import { CAUSES } from './causes/index.js';
import { withAffectedFlows } from './symptoms/affected-flows.js';
import { cannotTell, LAYERS, type Cause, type Detection, type Found, type Observed } from './cause.js';
import { heldAgainst } from './contradicted.js';
import type { Diagnosis, FoundCause } from './diagnosis.js';
import type { Flow } from './flow.js';
import { flowsOf } from './flows.js';
import { printedInconclusive, printedRemedy } from './printed.js';
import { failing, idsOf, telling } from './flow-questions.js';
import { asPredicted, isPredicted, withPredicted } from './predicted.js';

/**
 * What the evidence says, cause by cause. The same evidence always gives the same answer, on any machine.
 *
 * A cause that needs a fact that could not be observed is inconclusive, never ruled out. What the driver does by design counts
 * only where it explains a check of the scenario.
 */
export function diagnose(evidence: Evidence, causes: readonly Cause[] = CAUSES): Diagnosis {
  const known = knownFrom(evidence.facts);
  const paths = new Paths(known);
  const flows = withPredicted(paths, flowsOf(evidence));
  const observed = {
    ...{ ...known, paths },
    ...{ flows: flows.filter(ran), stopped: flows.filter((flow) => !ran(flow)) },
  };
  const { networks = [], refusals = [] } = evidence.facts;
  const drivers = new Set(
    [...networks, ...refusals.flatMap((refusal) => refusal.networks)].map(({ driver }) => driver),
  );
  const applicable = causes.filter(({ appliesTo }) => appliesTo.some((driver: Driver) => drivers.has(driver)));
  const ruled = applicable.map((cause) => ({ cause, ruling: rule(cause, evidence, observed) }));
  const found = ruled.flatMap(({ cause, ruling }) =>
    ruling?.ruling === 'found' ? [foundCause(cause, ruling, flows)] : [],
  );
  const { held, contradicted } = heldAgainst({ paths: observed.paths, flows }, hiddenBehindOthers(found));
  const relevant = held.filter((one) => matters(one, flows));
  const inconclusive = ruled.flatMap(({ cause, ruling }) =>
    ruling?.ruling === 'inconclusive' ? [{ cause, ruling: printedInconclusive(ruling) }] : [],
  );
  const open = unexplained(
    flows,
    [...relevant, ...inconclusive].flatMap(({ ruling }) => ruling.explains),
  );
  const whole = withAffectedFlows(relevant, { paths: observed.paths, flows, unexplained: open });
  const explained = whole.flatMap(({ ruling }) => ruling.explains);
  return {
    found: [...whole].sort(primaryFirst),
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

function foundCause(cause: Cause, seen: Found<unknown>, flows: readonly Flow[]): FoundCause {
  const ruling = asPredicted(seen, flows);
  const explained = flows.filter(({ id }) => ruling.explains.includes(id));
  return {
    cause,
    ruling,
    flow: cause.about === 'engine' ? undefined : (ruling.about ?? telling(explained)),
    explanation: cause.explain(ruling.detail),
    remedies: cause.remedy(ruling.detail).map(printedRemedy),
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

function primaryFirst(a: FoundCause, b: FoundCause): number {
  const layer = (one: FoundCause) => LAYERS.indexOf(one.cause.layer);
  return (
    Number(a.cause.kind !== 'fault') - Number(b.cause.kind !== 'fault') ||
    Number(a.ruling.hidden ?? false) - Number(b.ruling.hidden ?? false) ||
    layer(a) - layer(b) ||
    b.ruling.explains.length - a.ruling.explains.length ||
    a.cause.id.localeCompare(b.cause.id)
  );
}

function unexplained(flows: readonly Flow[], explained: readonly string[]): readonly Flow[] {
  return failing(flows).filter(({ id, probe }) => probe.purpose === 'check' && !explained.includes(id));
}
