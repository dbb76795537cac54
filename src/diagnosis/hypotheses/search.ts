import type { AssumedSurroundings } from '../../network/surroundings.js';
import type { Cause, Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { transportOf } from '../../scenario/plan.js';
import { sameAddress } from '../../ip.js';
import { crossesParent, idsOf, portAsked, subnetOfFlow } from '../flow-questions.js';
import type { Hypothesis, TrafficPart, Supposed } from './hypothesis.js';
import { priorOf } from './prior.js';
import { Baseline } from './trial.js';

/** A hypothesis that nothing refutes, with what it accounts for. */
export interface Candidate {
  readonly cause: Cause;
  readonly hypothesis: Hypothesis<unknown>;
  readonly supposed: Supposed;
}

/** Candidates that no observation separates: each accounts for the same flows. The most usual comes first. */
export type CandidateClass = readonly Candidate[];

/** What is searched. */
export interface Search {
  readonly causes: readonly Cause[];
  readonly view: Observed;
  /** AssumedSurroundings in which nothing is wrong that was not seen. */
  readonly healthy: AssumedSurroundings;
  /** Failing flows that nothing which was seen accounts for. */
  readonly open: readonly Flow[];
}

/**
 * Which causes in places that were not looked at account for what is open. One that another accounts for more than is left out;
 * what the first class leaves open is searched again, so that two faults are two classes.
 */
export function searchHypotheses({ causes, view, healthy, open }: Search): readonly CandidateClass[] {
  const outside = open.filter(crossesParent);
  if (outside.length === 0 || !wasLookedAt(view)) return [];
  const baseline = new Baseline(view, healthy);
  const puzzling = outside.filter((flow) => baseline.arrives(flow));
  const candidates = causes
    .flatMap((cause) => candidateOf(cause, { view, healthy, baseline, puzzling }) ?? [])
    .sort((a, b) => priorOf(b.cause.id) - priorOf(a.cause.id));
  const subnets = [...new Set(puzzling.map(subnetOfFlow))];
  return mergedAlike(
    subnets.flatMap((subnet) => {
      const own = puzzling.filter((flow) => subnetOfFlow(flow) === subnet);
      return classesOf(
        candidates.flatMap((one) => within(one, own)),
        new Set(idsOf(own)),
      );
    }),
  );
}

/** A candidate for some of the flows; none where it accounts for none of them. */
function within({ supposed, ...rest }: Candidate, own: readonly Flow[]): readonly Candidate[] {
  const flows = supposed.flows.filter((flow) => own.includes(flow));
  return flows.length === 0 ? [] : [{ ...rest, supposed: { ...supposed, flows } }];
}

/** Each subnet is judged for itself; what is alike in several is one class. */
function mergedAlike(classes: readonly CandidateClass[]): readonly CandidateClass[] {
  const byCauses = new Map<string, CandidateClass>();
  for (const all of classes) {
    const key = all.map(({ cause }) => cause.id).join(' ');
    const before = byCauses.get(key) ?? [];
    byCauses.set(
      key,
      all.map((one, index) => {
        const flows = [...(before[index]?.supposed.flows ?? []), ...one.supposed.flows];
        return { ...one, supposed: { ...one.supposed, flows } };
      }),
    );
  }
  return [...byCauses.values()];
}

/** Without links, rules and a capture of the host every silence may be the host's own doing. */
function wasLookedAt({ network, observed }: Observed): boolean {
  const { hostName, parents } = network.names;
  const captured = parents.some((parent) => observed.capture(hostName, parent)?.control === 'seen');
  return captured && network.links.of(hostName) !== undefined && network.firewall(hostName) !== undefined;
}

/** Whether a part of the traffic includes a flow, as far as that is said by subnet, target and service. Others go as they went. */
function concerns({ subnet, target, protocol, port }: TrafficPart, flow: Flow): boolean {
  const over = portAsked(flow)?.port;
  return (
    (subnet === undefined || subnetOfFlow(flow) === subnet) &&
    (target === undefined || sameAddress(flow.to.address, target) || sameAddress(flow.from.address, target)) &&
    (protocol === undefined || transportOf(flow.probe.over) === protocol) &&
    (port === undefined || over === undefined || over === port)
  );
}

interface Tried {
  readonly view: Observed;
  readonly healthy: AssumedSurroundings;
  readonly baseline: Baseline;
  readonly puzzling: readonly Flow[];
}

function candidateOf(cause: Cause, { view, healthy, baseline, puzzling }: Tried): Candidate | undefined {
  const { hypothesis } = cause;
  if (hypothesis === undefined) return undefined;
  const held: { readonly scope: TrafficPart; readonly flows: readonly Flow[] }[] = [];
  for (const scope of hypothesis.scopes(view, healthy)) {
    const concerned = puzzling.filter((flow) => concerns(scope, flow));
    // What a wider part accounts for needs no narrower one.
    if (concerned.every((flow) => held.some(({ flows }) => flows.includes(flow)))) continue;
    const flows = explainedBy(hypothesis.assume(healthy, scope), scope, { view, baseline, puzzling: concerned });
    if (flows.length > 0 && !hypothesis.contradicted?.(view, scope)) held.push({ scope, flows });
  }
  if (held.length === 0) return undefined;
  const scopes: readonly TrafficPart[] = held.map(({ scope }) => scope);
  const flows = [...new Set(held.flatMap((one) => one.flows))];
  return { cause, hypothesis, supposed: { scopes, flows } };
}

/** The open flows that changed surroundings account for; none where anything refutes them. */
function explainedBy(
  changed: AssumedSurroundings,
  scope: TrafficPart,
  { view, baseline, puzzling }: Omit<Tried, 'healthy'>,
): readonly Flow[] {
  const trial = baseline.trialIn(changed);
  const others = () => view.flows.filter((flow) => !puzzling.includes(flow) && concerns(scope, flow));
  // What is measured of a flow costs most by far, and a flow that arrives where none should needs none of it.
  if (!puzzling.some((flow) => trial.blocks(flow)) || others().some((flow) => trial.of(flow) === 'refutes')) return [];
  const outcomes = puzzling.map((flow) => ({ flow, outcome: trial.of(flow) }));
  return outcomes.some(({ outcome }) => outcome === 'refutes')
    ? []
    : outcomes.flatMap(({ flow, outcome }) => (outcome === 'explains' ? [flow] : []));
}

/** @param candidates the most usual first */
function classesOf(candidates: readonly Candidate[], open: ReadonlySet<string>): readonly CandidateClass[] {
  const of = ({ supposed }: Candidate) => idsOf(supposed.flows).filter((id) => open.has(id));
  const most = Math.max(0, ...candidates.map((one) => of(one).length));
  if (most === 0) return [];
  const best = candidates.filter((one) => of(one).length === most);
  const [first] = best;
  if (!first) return [];
  const explained = new Set(of(first));
  const alike = best.filter((one) => of(one).every((id) => explained.has(id)));
  const rest = new Set([...open].filter((id) => !explained.has(id)));
  const others = candidates.filter((one) => !alike.includes(one));
  return [alike, ...classesOf(others, rest)];
}
