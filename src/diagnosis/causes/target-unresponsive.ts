import { familyOf, sameAddress } from '../../ip.js';
import { overText } from '../../scenario/plan.js';
import { advice, defineCause, found, type View } from '../cause.js';
import type { Flow } from '../flow.js';
import { complaint, crossesParent, failing, hostName, idsOf, nodeOfKind, telling } from '../reading.js';
import { captureAt, sighting } from '../wire.js';

type Needs = 'nodes' | 'networks' | 'captures';

/** A flow to somebody who does not answer the host either, with what shows that the way is good. */
interface Silent extends Flow {
  /** Who or what answers the same container. */
  readonly instead: Flow;
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
    Docker host as well sees the same silence, other targets answer the container by the very same way, or this one answers
    another protocol. Before anything else is suspected, a second target and a second protocol have to be asked.`,
  see: ['https://www.rfc-editor.org/rfc/rfc4890', 'https://man7.org/linux/man-pages/man8/ping.8.html'],

  reproduced: {
    by: 'emulation',
    how: 'the node that stands for the internet drops what one of its addresses is asked',
  },

  detect(view) {
    const silent = failing(view.flows).flatMap((flow) => silentTarget(view, flow) ?? []);
    const ours = silent.filter(({ container }) => container !== undefined);
    const flow = telling(ours);
    if (!flow) return undefined;
    const same = view.flows.filter(
      ({ from, to, arrival }) => isHost(view, from.node?.name) && arrival === 'none' && asked(ours, to.address),
    );
    const targets = [...new Map(ours.map((one) => [`${one.to.address} ${overText(one.probe.over)}`, one])).values()];
    return found({
      detail: { flow, over: overText(flow.probe.over) },
      explains: idsOf([...ours, ...same]),
      confidence: targets.every((one) => leavesForGood(view, one)) ? 'certain' : 'likely',
      because: targets.flatMap((one) => [
        `${hostName(view.nodes)}: ${one.to.address} does not answer it either (${overText(one.probe.over)}).`,
        `${one.from.label}: ${one.instead.to.address} answers over ${overText(one.instead.probe.over)}.`,
      ]),
    });
  },
  explain: ({ flow, over }) =>
    `${complaint(flow)}: ${flow.to.address} answers nobody here over ${over}, not even the Docker host, and the way there is good.`,
  remedy: ({ flow }) => [
    advice('Nothing is wrong here: ask another target, and this one by another protocol', flow.from.label, [
      `ping -c 3 1.1.1.1; nc -zvw3 ${flow.to.address} 443`,
    ]),
  ],
});

function isHost({ nodes }: View<Needs>, name: string | undefined): boolean {
  return name === hostName(nodes);
}

function asked(flows: readonly Flow[], address: string): boolean {
  return flows.some(({ to }) => sameAddress(to.address, address));
}

/** Silence from beyond the LAN that the host meets too, while the container gets answers by the same way. */
function silentTarget(view: View<Needs>, flow: Flow): Silent | undefined {
  const { arrival, outbound, peer, probe, to } = flow;
  const timedOut = probe.outcome.kind === 'attempts' && probe.outcome.failure === 'timeout';
  if (arrival !== 'none' || !outbound || peer !== 'internet' || !timedOut || !left(view, flow)) return undefined;
  const alike = (other: Flow) => overText(other.probe.over) === overText(probe.over);
  const hostFails = view.flows.some(
    (other) =>
      isHost(view, other.from.node?.name) &&
      other.arrival === 'none' &&
      alike(other) &&
      sameAddress(other.to.address, to.address),
  );
  const answered = view.flows.filter(
    (other) =>
      other.arrival === 'all' &&
      other.outbound &&
      other.peer === 'internet' &&
      other.container?.name === flow.container?.name &&
      familyOf(other.to.address) === familyOf(to.address),
  );
  const instead =
    answered.find((other) => sameAddress(other.to.address, to.address) && !alike(other)) ??
    answered.find((other) => alike(other) && !sameAddress(other.to.address, to.address));
  return hostFails && instead ? { ...flow, instead } : undefined;
}

/** Seen to leave the host, and nowhere to be lost that was looked at: out by the gateway's uplink, where that was captured. */
function left({ captures, nodes }: View<Needs>, flow: Flow): boolean {
  const gateway = nodeOfKind(nodes, 'gateway')?.name;
  const parent = crossesParent(flow) ? captureAt(captures, hostName(nodes), flow.network?.parent) : undefined;
  const places = [...(parent ? [parent] : []), ...captures.filter(({ node }) => node === gateway)];
  const seen = places.map((capture) => sighting(flow, capture)).filter(({ reliable }) => reliable);
  return seen.every(({ requests, replies }) => requests.length > 0 && replies.length === 0);
}

/** Whether it was seen to leave the gateway towards the target, so that nothing else can have lost it. */
function leavesForGood({ captures, nodes }: View<Needs>, flow: Flow): boolean {
  const gateway = nodeOfKind(nodes, 'gateway')?.name;
  const out = captures
    .filter(({ node, control }) => node === gateway && control === 'seen')
    .filter((capture) => sighting(flow, capture).requests.some(({ direction }) => direction === 'out'));
  return out.length > 0;
}
