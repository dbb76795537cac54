import type { ProbeResult } from '../evidence/evidence.js';
import { HOPS, type Hop } from './hop.js';
import type { Measured } from './observe/measure.js';
import { isRepliedByOther } from './observe/replied-by-other.js';
import type { Step } from './observe/step.js';
import type { Agreement, Interface, KernelDrop, PathVerdict } from './path.js';
import type { Reason, Unseen } from './reason.js';

/** One flow's predicted path, and what was observed of it. */
export interface Compared {
  readonly probe: ProbeResult;
  readonly steps: readonly Step[];
  readonly measured: Measured;
  readonly kernel: KernelDrop | undefined;
}

export interface Reconciled {
  readonly agreement: Agreement;
  readonly verdict: PathVerdict;
}

/** What model and measurement make of each other, and which to distrust when they differ. */
export function reconcile(compared: Compared): Reconciled {
  const { outcome } = compared.probe;
  if (outcome.kind === 'attempts' && outcome.arrived > 0) return whereItArrives(compared, outcome);
  if (isRepliedByOther(compared.probe)) return whereAnotherReplies(compared);
  return traced(compared) ?? notObserved(compared) ?? whereItIsLost(compared);
}

function whereItArrives({ steps, measured }: Compared, { sent, arrived }: Attempts): Reconciled {
  const expected = steps.find(({ predicted }) => predicted.verdict === 'blocks');
  const elsewhere = measured.toWrongMac ? reasonOf(stepAtEnd(steps, measured)) : undefined;
  const partly = { kind: 'partly', sent, arrived } as const;
  if (measured.loss && elsewhere) return agree({ ...partly, reason: elsewhere });
  if (!expected && measured.loss) return agree(partly);
  const reason = reasonOf(expected);
  if (reason?.kind === 'redirected') return agree({ kind: 'other-replies', reason });
  if (reason) return { agreement: 'prediction wrong', verdict: { kind: 'arrives-though-blocked', reason } };
  const missing = firstMissing(steps);
  return agree({ kind: 'arrives', ...(missing ? { missing } : {}) });
}

function whereAnotherReplies({ probe: { to }, steps, measured }: Compared): Reconciled {
  const reason = reasonOf(stepAtEnd(steps, measured));
  const seen = lastVantage(steps, measured);
  const known = { ...(reason ? { reason } : {}), ...(seen ? { seen } : {}) };
  const verdict = { kind: 'other-replies', target: to.node ?? to.label, ...known } as const;
  return reason ? agree(verdict) : { agreement: 'outside our view', verdict };
}

type Attempts = Extract<ProbeResult['outcome'], { kind: 'attempts' }>;

function traced({ steps, measured }: Compared): Reconciled | undefined {
  const step = stepAtEnd(steps, measured);
  const by = measured.end === undefined ? undefined : measured.measurements[measured.end]?.traced;
  if (!step || !by) return undefined;
  const predicted = step.predicted.verdict !== 'passes';
  return { agreement: predicted ? 'agree' : 'prediction wrong', verdict: { kind: 'traced', by, predicted } };
}

/** Where nothing that looked was awake. */
function notObserved({ probe: { outcome }, steps, measured, kernel }: Compared): Reconciled | undefined {
  const expected = steps.find(({ predicted }) => predicted.verdict === 'blocks');
  // A sender that has no route says so itself.
  const told = outcome.kind === 'attempts' && outcome.failure === 'no-route' && expected === steps[0];
  // Where nothing could look, the kernel's own count of what the probe's process sent is a look.
  const step = stepAtEnd(steps, measured);
  const counted = kernel?.whose === 'probe' && step !== undefined && step === expected;
  if (measured.looked || told || counted) return undefined;
  const reason = reasonOf(expected);
  const missing = outcome.kind === 'not-asked' && !reason ? firstMissing(steps) : undefined;
  const verdict = { kind: 'not-observed', ...(reason ? { reason } : {}), ...(missing ? { missing } : {}) } as const;
  return { agreement: 'not observed', verdict };
}

function whereItIsLost({ steps, measured }: Compared): Reconciled {
  const step = stepAtEnd(steps, measured);
  if (step?.later !== undefined && measured.last === steps.length - 1)
    return agree({ kind: 'lost-later', reason: step.later });
  const reason = reasonOf(step);
  if (reason && (step?.predicted.verdict === 'blocks' || measured.toWrongMac))
    return agree({ kind: 'blocked', reason });
  const seen = lastVantage(steps, measured);
  const missing = step && missingAt(step);
  const known = { ...(seen ? { seen } : {}), ...(missing ? { missing } : {}) };
  if (step && isInView(step, seen)) {
    const hop = hopInView(steps, step, seen);
    return { agreement: 'prediction wrong', verdict: { kind: 'lost-in-view', hop, node: step.node, ...known } };
  }
  return {
    agreement: 'outside our view',
    verdict: { kind: 'lost-outside-view', sender: steps[0]?.node ?? '', ...known },
  };
}

/** Seen to come in at the target, and nothing to leave: no place of it in particular is known to lose the packet. */
function hopInView(steps: readonly Step[], { hop, node }: Step, seen: Interface | undefined): Hop {
  const target = steps.findLast(({ direction }) => direction === 'forward')?.node;
  return node === target && seen?.node === target ? 'target' : hop;
}

/** Places on the Docker host, its containers included: they are read in every view. */
const ON_HOST: ReadonlySet<Hop> = new Set(HOPS.slice(HOPS.indexOf('container'), HOPS.indexOf('lan')));

/** Whether a packet is lost where it was looked at: on the Docker host, or on the very node that was seen to have it. */
function isInView({ hop, node }: Step, seen: Interface | undefined): boolean {
  return ON_HOST.has(hop) || (seen?.node === node && hop !== 'lan' && hop !== 'uplink');
}

/** The last place a packet was seen at. */
export function lastVantage(steps: readonly Step[], { last }: Pick<Measured, 'last'>): Interface | undefined {
  const vantage = steps.slice(0, last + 1).findLast((step) => step.vantage !== undefined)?.vantage;
  return vantage && { node: vantage.node, device: vantage.device };
}

function agree(verdict: PathVerdict): Reconciled {
  return { agreement: 'agree', verdict };
}

function stepAtEnd(steps: readonly Step[], { end }: Measured): Step | undefined {
  return end === undefined ? undefined : steps[end];
}

/** Why a step blocks what comes by, or some of it. */
function reasonOf(step: Step | undefined): Reason | undefined {
  return step?.predicted.verdict === 'blocks' ? step.predicted.reason : step?.sometimes;
}

function firstMissing(steps: readonly Step[]): Unseen | undefined {
  return steps.map(missingAt).find((one) => one !== undefined);
}

function missingAt({ predicted }: Step): Unseen | undefined {
  return predicted.verdict === 'unknown' ? predicted.missing : undefined;
}
