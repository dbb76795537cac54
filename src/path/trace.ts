import type { Evidence, ProbeResult } from '../evidence/evidence.js';
import type { Facts } from '../evidence/facts.js';
import { isToMany } from '../scenario/to-many.js';
import { NetworkState } from '../network/network-state.js';
import { Observations } from '../network/observations/observations.js';
import type { Known } from './known.js';
import { kernelDrop } from './observe/kernel-drop.js';
import { toldOf } from './observe/told.js';
import { measure, type Measured } from './observe/measure.js';
import { settled } from './observe/settle.js';
import type { Step } from './observe/step.js';
import type { FlowPath, PathEnd, PathHop } from './path.js';
import { bothLegs, sourceOf } from './predict/both-legs.js';
import { asFarAsParent, withAssumed } from './predict/from-outside.js';
import type { Leg, PredictedHop } from './predict/leg.js';
import { lastVantage, reconcile } from './reconcile.js';

/** The paths of all flows that were probed and could be asked, in the order of the probes. */
export function pathsOf({ facts, probes }: Evidence): readonly FlowPath[] {
  const known = knownFrom(facts);
  return probes.flatMap((probe) => (isTraceable(probe) ? [pathOf(known, probe)] : []));
}

export function knownFrom(facts: Partial<Facts>): Known {
  return { network: new NetworkState(facts), observed: new Observations(facts) };
}

/** Whether a flow was sent, or asked about, and has a path of its own packets. */
export function isTraceable(probe: ProbeResult): boolean {
  const { kind } = probe.outcome;
  return (kind === 'attempts' || kind === 'not-asked') && hasPath(probe);
}

/** ARP and datagrams to many stay on their link; a node's resolver asks for a name where it likes, and the path to the address is not to blame. */
export function hasPath({ over, to, outcome }: ProbeResult): boolean {
  const byName = over.protocol === 'dns' && to.name !== undefined;
  return (
    over.protocol !== 'arp' &&
    !isToMany(over) &&
    !byName &&
    !(outcome.kind === 'attempts' && outcome.failure === 'not-resolved')
  );
}

/** What is predicted of one flow, hop for hop, in both directions. */
export interface Prospect {
  readonly source: string;
  readonly steps: readonly Step[];
}

export function prospectOf(known: Known, probe: ProbeResult): Prospect {
  const source = sourceOf(known.network, probe);
  const learned = { macOf: (node: string, address: string) => known.observed.neighbour(node, address)?.mac };
  const { forward, returned } = bothLegs(known.network, { probe, source, learned });
  const steps: readonly Step[] = [
    ...settled(known, forward.hops).map((hop) => ({ ...hop, direction: 'forward' as const })),
    ...settled(known, returnedHops(known, probe, returned)).map((hop) => ({ ...hop, direction: 'return' as const })),
  ];
  return { source, steps };
}

/** The path of one flow: what is predicted and what was observed at each hop, and what the two say together. */
export function pathOf(known: Known, probe: ProbeResult, { source, steps } = prospectOf(known, probe)): FlowPath {
  const measured = measure(known, { probe, from: source }, steps);
  const hops = steps.map((step, index) => ({ ...hopOf(step, measured, index), direction: step.direction }));
  const inDirection = (wanted: Step['direction']) =>
    hops.flatMap(({ direction, ...hop }): PathHop[] => (direction === wanted ? [hop] : []));
  const end = endOf(known, probe, { steps, measured });
  return {
    id: probe.id,
    forward: inDirection('forward'),
    return: inDirection('return'),
    end,
    ...(measured.loss ? { loss: measured.loss } : {}),
    ...toldOf(known, probe, source),
    ...reconcile({ probe, steps, measured, kernel: end?.kernel }),
  };
}

/** The hops of a reply: those of one to a machine that no fact describes end at the parent. */
function returnedHops(
  { network }: Known,
  { source, outcome }: ProbeResult,
  returned: Leg | undefined,
): readonly PredictedHop[] {
  const hops = returned?.hops ?? [];
  if (source === undefined) return hops;
  const ours = asFarAsParent(network, hops);
  return outcome.kind === 'not-asked' ? withAssumed(ours, source) : ours;
}

function hopOf({ hop, node, text, predicted, driver }: Step, { measurements }: Measured, index: number): PathHop {
  const { observed = 'not visible', sources, traced } = measurements[index] ?? {};
  return { hop, node, text, predicted, ...(driver ? { driver } : {}), observed, traced, sources };
}

function endOf(
  known: Known,
  probe: ProbeResult,
  { steps, measured: { end, last, loss } }: { readonly steps: readonly Step[]; readonly measured: Measured },
): PathEnd | undefined {
  const step = end === undefined ? undefined : steps[end];
  if (!step) return undefined;
  const before = loss?.before && { node: loss.before.node, device: loss.before.device };
  const lastSeen = loss ? before : lastVantage(steps, { last });
  const { direction, hop, node } = step;
  return { direction, hop, node, lastSeen, kernel: kernelDrop(known, probe, step) };
}
