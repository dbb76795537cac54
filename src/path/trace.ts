import type { Evidence, ProbeResult } from '../evidence/evidence.js';
import type { Facts } from '../evidence/facts.js';
import { familyOf, sameAddress } from '../ip.js';
import { NetworkState } from '../network/network-state.js';
import { Observations } from '../network/observations/observations.js';
import { transportOf } from '../scenario/plan.js';
import type { Known } from './known.js';
import { kernelDrop } from './observe/kernel-drop.js';
import { measure, type Measured } from './observe/measure.js';
import { settled } from './observe/settle.js';
import type { Step } from './observe/step.js';
import type { FlowPath, PathEnd, PathHop } from './path.js';
import type { ArpEntries } from './predict/arp-entries.js';
import type { Leg, PredictedPacket, PredictedHop } from './predict/leg.js';
import type { Translations } from './predict/trail.js';
import { walk } from './predict/walk.js';
import { lastVantage, reconcile } from './reconcile.js';

/** The paths of all flows that were probed and could be asked, in the order of the probes. */
export function pathsOf({ facts, probes }: Evidence): readonly FlowPath[] {
  const known = knownFrom(facts);
  return probes.flatMap((probe) =>
    probe.outcome.kind !== 'attempts' || !hasPath(probe) ? [] : [pathOf(known, probe)],
  );
}

export function knownFrom(facts: Partial<Facts>): Known {
  return { network: new NetworkState(facts), observed: new Observations(facts) };
}

/** ARP and broadcasts stay on their link; a node's resolver asks for a name where it likes, and the path to the address is not to blame. */
export function hasPath({ over, to, outcome }: ProbeResult): boolean {
  const byName = over.protocol === 'dns' && to.name !== undefined;
  return (
    over.protocol !== 'arp' &&
    over.protocol !== 'broadcast' &&
    !byName &&
    !(outcome.kind === 'attempts' && outcome.failure === 'not-resolved')
  );
}

/** The path of one flow: what is predicted and what was observed at each hop, and what the two say together. */
export function pathOf(known: Known, probe: ProbeResult): FlowPath {
  const source = sourceOf(known.network, probe);
  const { forward, returned } = predicted(known, probe, source);
  const steps: readonly Step[] = [
    ...settled(known, forward.hops).map((hop) => ({ ...hop, direction: 'forward' as const })),
    ...settled(known, returned?.hops ?? []).map((hop) => ({ ...hop, direction: 'return' as const })),
  ];
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
    ...reconcile({ probe, steps, measured, kernel: end?.kernel }),
  };
}

/** Both legs of a flow, by the configuration and the MAC addresses that were learned; the return leg is absent where it does not arrive. */
function predicted(
  { network, observed }: Known,
  { from, to, over }: ProbeResult,
  source: string,
): { readonly forward: Leg; readonly returned: Leg | undefined } {
  const learned: ArpEntries = { macOf: (node, address) => observed.neighbour(node, address)?.mac };
  const packet: PredictedPacket = {
    source,
    destination: to.address,
    protocol: transportOf(over),
    port: 'port' in over ? over.port : { http: 80, dns: 53 }[over.protocol as string],
    ...('bytes' in over ? { bytes: over.bytes } : {}),
  };
  const forward = walk(network, { from, packet, direction: 'forward', translations: new Map(), learned });
  if (forward.at === undefined) return { forward, returned: undefined };
  const reply = { ...packet, source: to.address, destination: forward.packet.source, port: undefined };
  const translations = translationsOf(forward.hops, source);
  const forwarders = new Set([
    from,
    ...forward.hops.flatMap(({ hop, node }) => (hop === 'gateway-forward' ? [node] : [])),
  ]);
  const returned = walk(network, {
    from: forward.at,
    packet: reply,
    direction: 'return',
    translations,
    forwarders,
    learned,
  });
  return { forward, returned };
}

/** Each address a source was changed to on the way, with the one it was before: there may be several, one upon the other. */
function translationsOf(hops: readonly PredictedHop[], source: string): Translations {
  const changes = hops.filter(({ translatedTo }) => translatedTo !== undefined);
  return new Map(
    changes.map(({ translatedTo = '', node }, index) => [
      translatedTo,
      { node, original: changes[index - 1]?.translatedTo ?? source },
    ]),
  );
}

/** The address a flow starts from: what the sender's route prefers, else its own of the target's family. */
function sourceOf({ names, addresses, routing }: NetworkState, { from, to }: ProbeResult): string {
  const node = names.node(from);
  const own = node?.addresses ?? [];
  const found = routing.lookup(from, { destination: to.address });
  if (found?.kind === 'via' || found?.kind === 'on-link') {
    const preferred = found.route.source ?? addresses.addressOn(from, { device: found.device, like: to.address });
    // A host's or container's own addresses are those the run knows it by, not any others it has.
    const isOwn = own.length === 0 || own.some((address) => sameAddress(address, preferred ?? ''));
    if (preferred !== undefined && (isOwn || node?.kind === 'gateway')) return preferred;
  }
  return own.find((address) => familyOf(address) === familyOf(to.address)) ?? own[0] ?? '';
}

function hopOf({ hop, node, text, predicted }: Step, { measurements }: Measured, index: number): PathHop {
  const { observed = 'not visible', sources, traced } = measurements[index] ?? {};
  return { hop, node, text, predicted, observed, traced, sources };
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
