import { differentPackets } from '../../path/observe/loss.js';
import type { FlowPath } from '../../path/path.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing } from '../flow-questions.js';
import type { Observation } from '../observation.js';
import { addressConflict } from './address-conflict.js';
import { repliesTaken } from './replies-taken.js';
import { failedLookups } from './lookups.js';
import { sighting } from './wire.js';

/** A flow of which some packets arrive and some do not, with the place where they begin to be missing. */
export interface PartialLoss {
  readonly flow: Flow;
  readonly path: FlowPath;
}

/** Flows of which some packets arrive: those that lose the rest on the path, and those whose replies all came back. */
export interface PartlyArriving {
  readonly losing: readonly PartialLoss[];
  readonly uncounted: readonly Flow[];
}

/** Packets that went to another machine with the same address are not lost on the path. */
export function partlyArriving(view: Observed): PartlyArriving {
  const partly = view.flows.filter(
    (flow) => flow.arrival === 'some' && !addressConflict(view, flow) && !repliesTaken(view, flow),
  );
  const uncounted = partly.filter((flow) => cameBack(view, flow));
  const missing = partly.filter((flow) => !uncounted.includes(flow));
  return { losing: missing.map((flow) => ({ flow, path: view.paths.ofAny(flow.probe) })), uncounted };
}

/** Whether every reply came in at the sender's own link: then nothing was lost on the path, even if the probe counted a loss. */
function cameBack({ observed }: Observed, flow: Flow): boolean {
  const { outcome } = flow.probe;
  const { replies, reliable } = sighting(flow, observed.capture(flow.from.node?.name ?? ''));
  return reliable && outcome.kind === 'attempts' && differentPackets(replies) >= outcome.sent;
}

/** Flows of which nothing arrives, that are lost in the same place: by their path, or a name that resolves for others. */
export function lostThere({ flows, paths }: Observed, there: FlowPath): readonly Flow[] {
  const resolved = new Set(flows.filter(({ arrival }) => arrival !== 'none').map(({ probe }) => probe.to.name));
  return [
    ...failing(flows).filter(({ probe }) => endsThere(paths.ofAny(probe), there)),
    ...failedLookups(flows).filter(({ probe }) => resolved.has(probe.to.name)),
  ];
}

/** No packet of it arrives, the model gives no reason, and it was last seen where packets of other flows begin to be missing. */
function endsThere({ loss, end, verdict }: FlowPath, there: FlowPath): boolean {
  const before = there.loss?.before;
  return (
    loss === undefined &&
    (verdict.kind === 'lost-outside-view' || verdict.kind === 'lost-in-view') &&
    before !== undefined &&
    end?.direction === there.end?.direction &&
    end?.lastSeen?.node === before.node &&
    end.lastSeen.device === before.device
  );
}

/** Between which two captures packets begin to be missing, in words. */
export function lossPlaceText({ loss, end }: FlowPath): string {
  const [before, after] = [loss?.before, loss?.after];
  if (before && before.node === after?.node && before.device === after.device) return `on ${before.node}`;
  if (before && after)
    return before.node === after.node
      ? `on ${before.node}, between ${before.device} and ${after.device}`
      : `between ${before.device} of ${before.node} and ${after.device} of ${after.node}`;
  if (before) return `beyond ${before.device} of ${before.node}`;
  return `before ${after ? `${after.device} of ${after.node}` : (end?.node ?? 'the first place that was looked at')}`;
}

/** How many were sent, how many arrive, and how many were seen on both sides of the place where some are lost. */
export function partialLossSeen({ flow: { probe }, path: { loss } }: PartialLoss): Observation {
  const { outcome, from, to } = probe;
  const { sent, arrived } = outcome.kind === 'attempts' ? outcome : { sent: 0, arrived: 0 };
  const seen = [loss?.before, loss?.after].filter((one) => one !== undefined);
  return { kind: 'partial-loss', from, to: to.label, sent, arrived, seen };
}

/** What loses nothing narrows it down: siblings, and the host itself. */
export function withoutLoss({ flows, network }: Observed): readonly Observation[] {
  const whole = flows.filter(({ arrival, probe }) => arrival === 'all' && probe.over.protocol === 'icmp');
  const siblings = whole.find(({ peer }) => peer === 'sibling');
  const own = whole.find(({ from }) => from.node?.name === network.names.host?.name);
  return [siblings, own].flatMap((one) =>
    one ? [{ kind: 'no-loss' as const, from: one.from.label, to: one.to.label }] : [],
  );
}
