import type { Evidence, ProbeResult } from '../evidence/evidence.js';
import { familyOf, sameAddress } from '../ip.js';
import { transportOf } from '../scenario/plan.js';
import { lookup } from '../network/fib.js';
import type { Packet, Trodden } from './predict/leg.js';
import { kernelDrop } from './observe/kernel-drop.js';
import { measure, type Measured, type Step } from './observe/measure.js';
import type { Agreement, FlowPath, KernelDrop, Loss, PathEnd, PathHop } from './path.js';
import type { Translations } from './predict/trail.js';
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
    ...reconcile(probe, steps, { ...measured, kernel: end?.kernel }),
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
  const seen = loss ? loss.before : steps.slice(0, last + 1).findLast(({ vantage }) => vantage !== undefined)?.vantage;
  const { direction, hop, node } = step;
  const lastSeen = seen && `${seen.device} on ${seen.node}`;
  return { direction, hop, node, lastSeen, kernel: kernelDrop(world, probe, step) };
}

interface Reconciled {
  readonly agreement: Agreement;
  readonly verdict: string;
}

/** What model and measurement make of each other, and which to distrust when they differ. */
function reconcile(
  { outcome }: ProbeResult,
  steps: readonly Step[],
  measured: Measured & { readonly kernel: KernelDrop | undefined },
): Reconciled {
  const { end, last, looked, loss, kernel } = measured;
  const expected = steps.find(({ predicted }) => predicted.verdict === 'blocks');
  if (outcome.kind === 'attempts' && outcome.arrived > 0) {
    const astray = measured.astray && end !== undefined ? steps[end] : undefined;
    if (loss && astray)
      return { agreement: 'agree', verdict: `${lossText(outcome, loss)} ${capital(because(astray))}.` };
    if (!expected && loss) return { agreement: 'agree', verdict: lossText(outcome, loss) };
    const open = steps.find(({ predicted }) => predicted.verdict === 'unknown');
    if (!expected)
      return {
        agreement: 'agree',
        verdict:
          open?.predicted.verdict === 'unknown'
            ? `It arrives; ${open.predicted.missing} was not seen.`
            : 'It arrives, as the routes and rules that were seen say.',
      };
    return {
      agreement: 'distrust the model',
      verdict: `It arrives, although ${because(expected)}: something on the way is not as the model takes it to be.`,
    };
  }
  const step = end === undefined ? undefined : steps[end];
  const traced = end === undefined ? undefined : measured.measurements[end]?.traced;
  if (step && traced !== undefined)
    return step.predicted.verdict === 'passes'
      ? { agreement: 'distrust the model', verdict: `Traced: ${traced} drops it, where the model takes it to pass.` }
      : { agreement: 'agree', verdict: `Traced: ${traced} drops it.` };
  // A sender that has no route says so itself.
  const told = outcome.kind === 'attempts' && outcome.failure === 'no-route' && expected === steps[0];
  // Where nothing could look, the kernel's own count of what the probe's process sent is a look.
  const counted = kernel?.whose === 'probe' && step !== undefined && step === expected;
  if (!looked && !told && !counted)
    return {
      agreement: 'not measured',
      verdict: expected
        ? `Nobody looked; by the model, ${because(expected)}.`
        : 'Nobody looked, and the model sees no reason.',
    };
  if (step?.later !== undefined && last === steps.length - 1)
    return { agreement: 'agree', verdict: `Its first packet and the answer come through; then ${step.later}.` };
  if (step && (step.predicted.verdict === 'blocks' || measured.astray))
    return { agreement: 'agree', verdict: `${capital(because(step))}.` };
  const seen = steps.slice(0, last + 1).findLast(({ vantage }) => vantage !== undefined)?.vantage;
  const where = seen ? `beyond ${seen.device} on ${seen.node}` : `before it leaves ${steps[0]?.node ?? 'its sender'}`;
  const missing =
    step?.predicted.verdict === 'unknown' ? ` It could not be foretold: ${step.predicted.missing} was not seen.` : '';
  return {
    agreement: 'outside our view',
    verdict: `The model says it passes and the packet dies ${where}: something outside our view, such as a filter upstream, port security, or a cloud's check of source addresses.${missing}`,
  };
}

function lossText({ sent, arrived }: Attempts, { before, after }: Loss): string {
  const places = [before, after].flatMap((one) => (one ? [`${one.packets} at ${one.device} on ${one.node}`] : []));
  return `Of ${sent} packets ${arrived} arrive${places.length > 0 ? `: ${places.join(', then ')}` : ''}.`;
}

type Attempts = Extract<ProbeResult['outcome'], { kind: 'attempts' }>;

function because({ predicted, sometimes = '' }: Step): string {
  return predicted.verdict === 'blocks' ? predicted.because : sometimes;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
