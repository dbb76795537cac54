import { overText } from '../../../scenario/plan.js';
import { sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import { distinctObservations, type Observation } from '../../observation.js';
import {
  asksTheSame,
  goesOut,
  isUnresponsive,
  leavesProperly,
  repliesBeside,
} from '../../symptoms/unresponsive-target.js';
import { crossingsOf } from '../../symptoms/wire.js';

/** A flow to a target that does not reply to the host either. */
interface UnresponsiveTarget extends Flow {
  /** What shows that the path is good. */
  readonly beside: readonly Observation[];
}

export const targetUnresponsive = defineCause({
  id: 'target-unresponsive',
  title: 'The target itself does not respond',
  layer: 'service',
  kind: 'fault',
  hop: 'target',
  about: 'test-target',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks', 'captures'],
  background: `
    One target without a reply is not the whole internet. Many machines filter ping and accept TCP, and some are down. The
    Docker host gets no reply from it either. Other targets reply on the same path, or this one replies over another
    protocol, even if those replies are lost closer to the container. Before you suspect anything else, try a second target
    and a second protocol.`,
  see: ['https://www.rfc-editor.org/rfc/rfc4890', 'https://man7.org/linux/man-pages/man8/ping.8.html'],

  reproduced: {
    by: 'emulation',
    how: 'the node that stands for the internet drops packets to one of its addresses',
  },

  detect(view) {
    const unresponsive = failing(view.flows).flatMap((flow) => unresponsiveTarget(view, flow) ?? []);
    const ours = unresponsive.filter(({ container }) => container !== undefined);
    const flow = telling(ours) ?? telling(unresponsive);
    if (!flow) return unseen(view);
    const same = failing(view.flows).filter(
      (one) => goesOut(view, one) && unresponsive.some((other) => asksTheSame(one, other)),
    );
    const targets = [
      ...new Map(
        [...unresponsive, ...ours].map((one) => [`${one.to.address} ${overText(one.probe.over)}`, one]),
      ).values(),
    ];
    return found({
      about: flow,
      detail: { flow, over: overText(flow.probe.over) },
      explains: idsOf([...unresponsive, ...same]),
      confidence: targets.every((one) => crossingsOf(view, one).length > 0) ? 'certain' : 'likely',
      because: distinctObservations(targets.flatMap((one) => [hostUnanswered(view, one), ...one.beside])),
    });
  },
  explain: ({ flow, over }) =>
    `${complaint(flow)}: ${flow.to.address} does not reply over ${over} to the Docker host either. Other targets or protocols do reply.`,
  remedy: ({ flow }) => [
    advice('No fault here: try another target, and this one over another protocol', flow.from.label, [
      sh`ping -c 3 1.1.1.1; nc -zvw3 ${flow.to.address} 443`,
    ]),
  ],
});

/** A target beyond the LAN that replies neither to a container nor to the host, while other replies come back on the path. */
function unresponsiveTarget(view: Observed, flow: Flow): UnresponsiveTarget | undefined {
  if (!isUnresponsive(view, flow) || leavesProperly(view, flow) !== true) return undefined;
  const beside = repliesBeside(view, flow);
  return beside.length === 0 ? undefined : { ...flow, beside };
}

/** The symptoms fit, and no capture shows whether the packets leave. */
function unseen(view: Observed) {
  const fitting = failing(view.flows).filter(
    (flow) => isUnresponsive(view, flow) && leavesProperly(view, flow) === undefined,
  );
  const flow = telling(fitting);
  if (!flow) return undefined;
  return cannotTell({
    missing: `whether packets of ${flow.from.label} to ${flow.to.address} leave: no working capture could show it`,
    explains: idsOf(fitting),
  });
}

function hostUnanswered({ network }: Observed, { to, probe }: Flow): Observation {
  return { kind: 'flow', from: network.names.hostName, to: to.address, over: probe.over, arrives: false };
}
