import { sameAddress } from '../../ip.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing } from '../flow-questions.js';
import type { Place } from '../observation.js';
import { narrowLinks, type LinkOnPath } from './narrow-links.js';
import { onParent } from './wire.js';

/** A flow whose large packets are lost, while small ones arrive. */
export interface LosesLarge {
  readonly flow: Flow;
  readonly bytes: number;
  /** Links on its path that carry less; empty where no such link was seen. */
  readonly narrow: readonly LinkOnPath[];
}

/**
 * Flows that lose large packets. What was only compared counts where the sender is not told, so that it cannot send smaller ones, and
 * where it is no whim of one internet host: many answer no large ping.
 */
export function losingLarge(view: Observed): readonly LosesLarge[] {
  return failing(view.flows).flatMap((flow): LosesLarge[] => {
    const bytes = losesLarge(view.flows, flow);
    if (bytes === undefined || (flow.probe.purpose === 'comparison' && !isBlackHole(view, flow))) return [];
    return [{ flow, bytes, narrow: narrowLinks(view.network, flow, bytes) }];
  });
}

/** The size of packets of which none arrives, where a smaller one between the same two does. */
function losesLarge(flows: readonly Flow[], { probe: { over, from, to } }: Flow): number | undefined {
  if (over.protocol !== 'mtu') return undefined;
  const small = flows.some(
    ({ probe, arrival }) =>
      arrival === 'all' &&
      probe.from === from &&
      sameAddress(probe.to.address, to.address) &&
      (probe.over.protocol !== 'mtu' || probe.over.bytes < over.bytes),
  );
  return small ? over.bytes : undefined;
}

function isBlackHole({ flows }: Observed, flow: Flow): boolean {
  if (!isSilent(flow)) return false;
  if (flow.peer !== 'internet') return true;
  const alike = flows.filter((other) => other.peer === 'internet' && isOfSize(other, flow));
  const lost = alike.filter((other) => losesLarge(flows, other) !== undefined && isSilent(other));
  const targets = new Set(lost.map(({ to }) => to.address));
  return targets.size > 1 && alike.every(({ arrival }) => arrival === 'none');
}

function isOfSize({ probe }: Flow, { probe: { over, from } }: Flow): boolean {
  return (
    probe.from === from && probe.over.protocol === 'mtu' && over.protocol === 'mtu' && probe.over.bytes === over.bytes
  );
}

/** A packet of the same size, from any container, that arrives at the router. */
function reachesRouter({ peer, outbound, arrival, probe }: Flow, { probe: { over } }: Flow): boolean {
  const isLarge = probe.over.protocol === 'mtu' && over.protocol === 'mtu' && probe.over.bytes >= over.bytes;
  return isLarge && peer === 'gateway' && outbound && arrival === 'all';
}

/** No packet arrives, and the sender is not told why. */
function isSilent({ arrival, probe: { outcome } }: Flow): boolean {
  return arrival === 'none' && outcome.kind === 'attempts' && outcome.failure === 'timeout';
}

/** The largest packet that was seen to arrive from the same sender, in bytes; `undefined` where no other size was sent. */
export function carriedSize({ flows }: Observed, { probe: { from, to } }: Flow): number | undefined {
  const sizes = flows.flatMap(({ arrival, probe }) =>
    arrival === 'all' && probe.from === from && sameAddress(probe.to.address, to.address) && 'bytes' in probe.over
      ? [probe.over.bytes]
      : [],
  );
  return sizes.length > 0 ? Math.max(...sizes) : undefined;
}

/** Whether a router reported that a packet was too large. `unseen`: no capture could show it. */
export type SizeReport =
  | { readonly kind: 'came'; readonly sender: string; readonly mtu: number | undefined }
  | { readonly kind: 'suppressed'; readonly at: Place }
  | { readonly kind: 'unseen' };

export function sizeReport(view: Observed, flow: Flow): SizeReport {
  const { told } = view.paths.ofAny(flow.probe);
  if (told?.complaint === 'too-big') return { kind: 'came', sender: told.sender, mtu: told.mtu };
  const { requests, reliable } = onParent(view, flow, flow.network?.parent);
  // On the LAN itself no router is asked. Where as large a packet reaches the router, one beyond it should report.
  const isRouted =
    crossesParent(flow) &&
    flow.outbound &&
    flow.peer === 'internet' &&
    view.flows.some((one) => reachesRouter(one, flow));
  if (!isRouted || !reliable || requests.length === 0) return { kind: 'unseen' };
  return { kind: 'suppressed', at: { node: view.network.names.hostName, device: flow.network?.parent } };
}
