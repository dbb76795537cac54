import type { Capture } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import { overText } from '../../scenario/plan.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, getsThrough } from '../flow-questions.js';
import type { Observation } from '../observation.js';
import { isBeyond } from './uplink.js';
import { crossingsOf, flowSeen, sighting, type GatewayCrossing } from './wire.js';

/** Sent to the internet, by a container or another node. */
export function goesOut({ network }: Observed, flow: Flow): boolean {
  if (flow.container) return flow.outbound && flow.peer === 'internet';
  return flow.to.node ? flow.to.node.kind === 'internet' : isBeyond(network, flow);
}

function asksAlike(a: Flow, b: Flow): boolean {
  return overText(a.probe.over) === overText(b.probe.over);
}

export function asksTheSame(a: Flow, b: Flow): boolean {
  return asksAlike(a, b) && sameAddress(a.to.address, b.to.address);
}

/** Whether the target replies neither to a container nor to the host, wherever the replies may be lost. */
export function isUnresponsive(view: Observed, flow: Flow): boolean {
  const { arrival, container, from, probe } = flow;
  const host = view.network.names.hostName;
  const timedOut = probe.outcome.kind === 'attempts' && probe.outcome.failure === 'timeout';
  if (arrival !== 'none' || !timedOut || !goesOut(view, flow)) return false;
  if (container === undefined && from.node?.name !== host) return false;
  const alike = view.flows.filter((other) => goesOut(view, other) && asksTheSame(other, flow));
  const hostFails = alike.some((other) => other.from.node?.name === host && other.arrival === 'none');
  return hostFails && !alike.some((other) => isAnswered(view, other));
}

/** Whether anything came back: also a rejection, and a reply that was lost behind the gateway. */
function isAnswered(view: Observed, flow: Flow): boolean {
  const { outcome } = flow.probe;
  const rejected = outcome.kind === 'attempts' && outcome.failure === 'refused';
  return getsThrough(flow) || rejected || crossingsOf(view, flow).some(({ answered }) => answered);
}

/** What shows that the path is good: a reply to the same sender, or one that comes in at the gateway. Empty where nothing does. */
export function repliesBeside(view: Observed, flow: Flow): readonly Observation[] {
  const others = view.flows.filter(
    (other) => goesOut(view, other) && familyOf(other.to.address) === familyOf(flow.to.address),
  );
  const own = others.filter((other) => other.arrival === 'all' && comesBackAlike(view, other, flow));
  const answered = comparable(flow, own);
  return answered ? [flowSeen(answered)] : repliesAtGateway(view, flow, others);
}

/** To the same sender. The host may have other ways out: to it, through the device the other left through. */
function comesBackAlike(view: Observed, other: Flow, flow: Flow): boolean {
  if (other.from.label !== flow.from.label) return false;
  return flow.container !== undefined || sighting(other, leftThrough(view, flow)).replies.length > 0;
}

/** The parent that a container's flow has to leave through; what the host's own was seen to leave through. */
function leftThrough({ network, observed }: Observed, flow: Flow): Capture | undefined {
  const host = network.names.hostName;
  if (flow.container) return crossesParent(flow) ? observed.capture(host, flow.network?.parent) : undefined;
  return observed.captures.find((capture) => capture.node === host && sighting(flow, capture).requests.length > 0);
}

/**
 * Replies to others that come in where the flow was seen to leave the gateway, and to the address it left from: a gateway that
 * leaves the LAN untranslated gets replies itself.
 */
function repliesAtGateway(view: Observed, flow: Flow, others: readonly Flow[]): readonly Observation[] {
  const own = crossingsOf(view, flow);
  const comesIn = (other: Flow) =>
    crossingsOf(view, other).find((crossing) => crossing.answered && own.some((one) => leavesAlike(one, crossing)));
  const answered = comparable(
    flow,
    others.filter((other) => comesIn(other) !== undefined),
  );
  const place = answered && comesIn(answered);
  if (!place) return [];
  const at = { node: place.gateway, device: place.device };
  return [answered, flow].map(({ from, to, probe }) => ({
    kind: 'reply-at' as const,
    ...{ at, from: to.address, to: from.label, over: probe.over, seen: probe === answered.probe },
  }));
}

function leavesAlike(a: GatewayCrossing, b: GatewayCrossing): boolean {
  return a.device === b.device && a.sources.some((source) => b.sources.includes(source));
}

/**
 * The same target by another protocol, else another target by the same. A path that carries small packets need not carry a big
 * one: only a big one to another target shows that it does.
 */
function comparable(flow: Flow, others: readonly Flow[]): Flow | undefined {
  const isSame = (other: Flow) => sameAddress(other.to.address, flow.to.address);
  const isBig = flow.probe.over.protocol === 'mtu';
  return (
    (isBig ? undefined : others.find((other) => isSame(other) && !asksAlike(other, flow))) ??
    others.find((other) => asksAlike(other, flow) && !isSame(other))
  );
}

/**
 * Seen to leave the host, and lost nowhere that was looked at: it leaves the gateway's uplink, where that was captured. The
 * host has to be seen, because it may have other ways out.
 *
 * @returns `undefined` when nothing that captured looked where it has to leave
 */
export function leavesProperly(view: Observed, flow: Flow): boolean | undefined {
  const { observed, network } = view;
  const first = leftThrough(view, flow);
  const gateway = network.names.gateway?.name;
  const places = [...(first ? [first] : []), ...observed.captures.filter(({ node }) => node === gateway)];
  const seen = places.map((capture) => sighting(flow, capture)).filter(({ reliable }) => reliable);
  if (!seen.every(({ requests, replies }) => requests.length > 0 && replies.length === 0)) return false;
  // A container on a bridge has no parent to leave through.
  const bridged = flow.container !== undefined && !crossesParent(flow);
  const began = bridged ? seen.length > 0 : first !== undefined && sighting(flow, first).reliable;
  return began ? true : undefined;
}
