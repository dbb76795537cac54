import type { Capture } from '../../../evidence/facts.js';
import { familyOf, sameAddress } from '../../../ip.js';
import { overText } from '../../../scenario/plan.js';
import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';
import { hostName, nodeOfKind } from '../../reading.js';
import { isBeyond } from '../../symptoms/uplink.js';
import { captureAt, crossingsOf, sighting, type Crossing } from '../../symptoms/wire.js';

type Needs = 'nodes' | 'networks' | 'captures';

/** A flow to somebody who does not answer the host either, with what shows that the way is good. */
interface Silent extends Flow {
  /** What answers by the same way, as a sentence. */
  readonly instead: string;
}

export const targetUnresponsive = defineCause({
  id: 'target-unresponsive',
  title: 'The target itself does not answer',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'captures'],
  background: `
    One silent target is not the internet. Many machines filter ping and answer TCP, some are down. Whoever asks from the
    Docker host as well sees the same silence, and other targets answer by the very same way, or this one answers another
    protocol, be it that the answers are lost further in. Before anything else is suspected, a second target and a second protocol have to be asked.`,
  see: ['https://www.rfc-editor.org/rfc/rfc4890', 'https://man7.org/linux/man-pages/man8/ping.8.html'],

  reproduced: {
    by: 'emulation',
    how: 'the node that stands for the internet drops what one of its addresses is asked',
  },

  detect(view) {
    const silent = failing(view.flows).flatMap((flow) => silentTarget(view, flow) ?? []);
    const ours = silent.filter(({ container }) => container !== undefined);
    const flow = telling(ours) ?? telling(silent);
    if (!flow) return unseen(view);
    const same = failing(view.flows).filter(
      (one) => goesOut(view, one) && silent.some((other) => asksTheSame(one, other)),
    );
    const targets = [
      ...new Map([...silent, ...ours].map((one) => [`${one.to.address} ${overText(one.probe.over)}`, one])).values(),
    ];
    return found({
      detail: { flow, over: overText(flow.probe.over) },
      explains: idsOf([...silent, ...same]),
      confidence: targets.every((one) => crossingsOf(view, one).length > 0) ? 'certain' : 'likely',
      because: targets.flatMap((one) => [
        `${hostName(view.nodes)}: ${one.to.address} does not answer it${one.container ? ' either' : ''} (${overText(one.probe.over)}).`,
        one.instead,
      ]),
    });
  },
  explain: ({ flow, over }) =>
    `${complaint(flow)}: ${flow.to.address} answers nobody here over ${over}, not even the Docker host, and the way there is good.`,
  remedy: ({ flow }) => [
    advice('Nothing is wrong here: ask another target, and this one by another protocol', flow.from.label, [
      sh`ping -c 3 1.1.1.1; nc -zvw3 ${flow.to.address} 443`,
    ]),
  ],
});

/** The symptoms fit, and no capture that was awake tells whether the packets leave. */
function unseen(view: View<Needs>) {
  const fitting = failing(view.flows).filter((flow) => isSilent(view, flow) && left(view, flow) === undefined);
  const flow = telling(fitting);
  if (!flow) return undefined;
  return cannotTell({
    missing: `whether what ${flow.from.label} sends to ${flow.to.address} leaves: no capture that was awake could show it`,
    explains: idsOf(fitting),
  });
}

/** Asked of the internet, whoever asks. */
function goesOut(view: View<Needs>, flow: Flow): boolean {
  if (flow.container) return flow.outbound && flow.peer === 'internet';
  return flow.to.node ? flow.to.node.kind === 'internet' : isBeyond(view.network, flow);
}

function asksAlike(a: Flow, b: Flow): boolean {
  return overText(a.probe.over) === overText(b.probe.over);
}

function asksTheSame(a: Flow, b: Flow): boolean {
  return asksAlike(a, b) && sameAddress(a.to.address, b.to.address);
}

/**
 * Silence from beyond the LAN that a container or the host meets, the host in any case, and nobody's request is answered,
 * while other answers come by the same way.
 */
function silentTarget(view: View<Needs>, flow: Flow): Silent | undefined {
  if (!isSilent(view, flow) || left(view, flow) !== true) return undefined;
  const instead = insteadOf(view, flow);
  return instead === undefined ? undefined : { ...flow, instead };
}

/** Whether the target answers neither a container nor the host, however the answers may be lost. */
function isSilent(view: View<Needs>, flow: Flow): boolean {
  const { arrival, container, from, probe } = flow;
  const host = hostName(view.nodes);
  const timedOut = probe.outcome.kind === 'attempts' && probe.outcome.failure === 'timeout';
  if (arrival !== 'none' || !timedOut || !goesOut(view, flow)) return false;
  if (container === undefined && from.node?.name !== host) return false;
  const alike = view.flows.filter((other) => goesOut(view, other) && asksTheSame(other, flow));
  const hostFails = alike.some((other) => other.from.node?.name === host && other.arrival === 'none');
  return hostFails && !alike.some((other) => isAnswered(view, other));
}

/** Whether anything came back, be it a refusal, and be it that it was lost behind the gateway. */
function isAnswered(view: View<Needs>, flow: Flow): boolean {
  const { arrival, probe } = flow;
  const refused = probe.outcome.kind === 'attempts' && probe.outcome.failure === 'refused';
  const comesIn = crossingsOf(view, flow).some(({ answered }) => answered);
  return arrival === 'all' || arrival === 'some' || refused || comesIn;
}

/** Who answers the same sender, or else whose answers come in at the gateway, as a sentence. */
function insteadOf(view: View<Needs>, flow: Flow): string | undefined {
  const others = view.flows.filter(
    (other) => goesOut(view, other) && familyOf(other.to.address) === familyOf(flow.to.address),
  );
  const own = others.filter((other) => other.arrival === 'all' && comesBackAlike(view, other, flow));
  const answered = comparable(flow, own);
  return answered
    ? `${answered.from.label}: ${answered.to.address} answers over ${overText(answered.probe.over)}.`
    : insteadAtGateway(view, flow, others);
}

/** To the same sender, and where that is the host, which may have other ways out, by the device the other left by. */
function comesBackAlike(view: View<Needs>, other: Flow, flow: Flow): boolean {
  if (other.from.label !== flow.from.label) return false;
  return flow.container !== undefined || sighting(other, leftBy(view, flow)).replies.length > 0;
}

/** The parent a container's flow has to leave by; what the host's own was seen to leave by. */
function leftBy({ captures, nodes }: View<Needs>, flow: Flow): Capture | undefined {
  const host = hostName(nodes);
  if (flow.container) return crossesParent(flow) ? captureAt(captures, host, flow.network?.parent) : undefined;
  return captures.find((capture) => capture.node === host && sighting(flow, capture).requests.length > 0);
}

/**
 * Whose answers come in where the flow was seen to leave the gateway, and to the address it left from: a gateway that leaves
 * the LAN untranslated is itself answered.
 */
function insteadAtGateway(view: View<Needs>, flow: Flow, others: readonly Flow[]): string | undefined {
  const own = crossingsOf(view, flow);
  const comesIn = (other: Flow) =>
    crossingsOf(view, other).find((crossing) => crossing.answered && own.some((one) => leavesAlike(one, crossing)));
  const answered = comparable(
    flow,
    others.filter((other) => comesIn(other) !== undefined),
  );
  const place = answered && comesIn(answered);
  return (
    place &&
    `${place.gateway}, ${place.device}: ${answered.to.address} answers ${answered.from.label} over ${overText(answered.probe.over)}, and ${flow.to.address} does not answer ${flow.from.label} over ${overText(flow.probe.over)}.`
  );
}

function leavesAlike(a: Crossing, b: Crossing): boolean {
  return a.device === b.device && a.sources.some((source) => b.sources.includes(source));
}

/** The same target by another protocol, else another target by the same. */
function comparable(flow: Flow, others: readonly Flow[]): Flow | undefined {
  const isSame = (other: Flow) => sameAddress(other.to.address, flow.to.address);
  return (
    others.find((other) => isSame(other) && !asksAlike(other, flow)) ??
    others.find((other) => asksAlike(other, flow) && !isSame(other))
  );
}

/**
 * Seen to leave the host, and nowhere to be lost that was looked at: out by the gateway's uplink, where that was captured. The
 * host has to be seen, for it may have other ways out.
 *
 * @returns `undefined` when nothing that was awake looked where it has to leave
 */
function left(view: View<Needs>, flow: Flow): boolean | undefined {
  const { captures, nodes } = view;
  const gateway = nodeOfKind(nodes, 'gateway')?.name;
  const first = leftBy(view, flow);
  const places = [...(first ? [first] : []), ...captures.filter(({ node }) => node === gateway)];
  const seen = places.map((capture) => sighting(flow, capture)).filter(({ reliable }) => reliable);
  if (!seen.every(({ requests, replies }) => requests.length > 0 && replies.length === 0)) return false;
  // A container on a bridge has no parent to leave by.
  const bridged = flow.container !== undefined && !crossesParent(flow);
  const began = bridged ? seen.length > 0 : first !== undefined && sighting(flow, first).reliable;
  return began ? true : undefined;
}
