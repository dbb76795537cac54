import type { Evidence, ProbeResult } from '../evidence/evidence.js';
import { familyOf, sameAddress } from '../ip.js';
import { transportOf } from '../scenario/plan.js';
import { lookup } from '../network/fib.js';
import type { Packet, Trodden } from './predict/leg.js';
import { kernelDrop } from './observe/kernel-drop.js';
import { measure, type Measured, type Step } from './observe/measure.js';
import type { FlowPath, PathEnd, PathHop } from './path.js';
import type { Translations } from './predict/trail.js';
import { lastVantage, reconcile } from './reconcile.js';
import { walk } from './predict/walk.js';
import { World } from '../network/world.js';

/** The paths of all flows that were probed and could be asked, in the order of the probes. */
export function pathsOf({ facts, probes }: Evidence): readonly FlowPath[] {
  const world = new World(facts);
  return probes.flatMap((probe) => (probe.outcome.kind !== 'attempts' || !hasWay(probe) ? [] : [pathOf(world, probe)]));
}

/** ARP and broadcasts stay on their link; of a name, its node's resolver asks whom it likes, and the way to the address is not to blame. */
export function hasWay({ over, to, outcome }: ProbeResult): boolean {
  const byName = over.protocol === 'dns' && to.name !== undefined;
  return (
    over.protocol !== 'arp' &&
    over.protocol !== 'broadcast' &&
    !byName &&
    !(outcome.kind === 'attempts' && outcome.failure === 'not-resolved')
  );
}

/** The way of one flow: what the model expects at each hop, what was measured, and what the two make of each other. */
export function pathOf(world: World, probe: ProbeResult): FlowPath {
  const source = sourceOf(world, probe);
  const packet: Packet = {
    source,
    destination: probe.to.address,
    protocol: transportOf(probe.over),
    port: 'port' in probe.over ? probe.over.port : { http: 80, dns: 53 }[probe.over.protocol as string],
    ...('bytes' in probe.over ? { bytes: probe.over.bytes } : {}),
  };
  const there = walk(world, { from: probe.from, packet, direction: 'there', translations: new Map() });
  const translations = translationsOf(there.hops, source);
  const forwarders = new Set([
    probe.from,
    ...there.hops.flatMap(({ hop, node }) => (hop === 'gateway-forward' ? [node] : [])),
  ]);
  const answer = { ...packet, source: probe.to.address, destination: there.packet.source, port: undefined };
  const back =
    there.at === undefined
      ? undefined
      : walk(world, { from: there.at, packet: answer, direction: 'back', translations, forwarders });
  const steps: readonly Step[] = [
    ...there.hops.map((hop) => ({ ...hop, direction: 'there' as const })),
    ...(back?.hops ?? []).map((hop) => ({ ...hop, direction: 'back' as const })),
  ];
  const measured = measure(world, { probe, from: source }, steps);
  const hops = steps.map((step, index) => hopOf(step, measured, index));
  const end = endOf(world, probe, { steps, measured });
  return {
    id: probe.id,
    there: hops.slice(0, there.hops.length),
    back: hops.slice(there.hops.length),
    end,
    ...(measured.loss ? { loss: measured.loss } : {}),
    ...reconcile({ probe, steps, measured, kernel: end?.kernel }),
  };
}

/** Each address a source was changed to on the way, with the one it was before: there may be several, one upon the other. */
function translationsOf(hops: readonly Trodden[], source: string): Translations {
  const changes = hops.filter(({ translatedTo }) => translatedTo !== undefined);
  return new Map(
    changes.map(({ translatedTo = '', node }, index) => [
      translatedTo,
      { node, original: changes[index - 1]?.translatedTo ?? source },
    ]),
  );
}

/** The address a flow starts from: what the sender's route prefers, else its own of the target's family. */
function sourceOf(world: World, { from, to }: ProbeResult): string {
  const own = world.node(from)?.addresses ?? [];
  const fib = world.fib(from);
  const found = fib && lookup(fib, { destination: to.address });
  if (found?.kind === 'via' || found?.kind === 'on-link') {
    const preferred = found.route.source ?? world.addressOn(from, { device: found.device, like: to.address });
    // A host's or container's own addresses are those the run knows it by, whatever else it has.
    const isOwn = own.length === 0 || own.some((address) => sameAddress(address, preferred ?? ''));
    if (preferred !== undefined && (isOwn || world.node(from)?.kind === 'gateway')) return preferred;
  }
  return own.find((address) => familyOf(address) === familyOf(to.address)) ?? own[0] ?? '';
}

function hopOf({ hop, node, text, predicted }: Step, { measurements }: Measured, index: number): PathHop {
  const { measured = 'not visible', sources, traced } = measurements[index] ?? {};
  return { hop, node, text, predicted, measured, traced, sources };
}

function endOf(
  world: World,
  probe: ProbeResult,
  { steps, measured: { end, last, loss } }: { readonly steps: readonly Step[]; readonly measured: Measured },
): PathEnd | undefined {
  const step = end === undefined ? undefined : steps[end];
  if (!step) return undefined;
  const before = loss?.before && { node: loss.before.node, device: loss.before.device };
  const lastSeen = loss ? before : lastVantage(steps, { last });
  const { direction, hop, node } = step;
  return { direction, hop, node, lastSeen, kernel: kernelDrop(world, probe, step) };
}
