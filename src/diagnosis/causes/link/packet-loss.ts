import type { NodeQueue } from '../../../network/observations/observations.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, cannotTell, defineCause, found, type Inconclusive, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { crossesParent, idsOf, named, telling } from '../../flow-questions.js';
import type { QueueChange } from '../../remedies/changes/queue.js';
import {
  lossPlaceText,
  lostThere,
  partialLossSeen,
  partlyArriving,
  withoutLoss,
  type PartialLoss,
} from '../../symptoms/partial-loss.js';

export const packetLoss = defineCause({
  id: 'packet-loss',
  title: 'Some packets are lost on the path',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks'],
  background: `
    Some packets arrive and some do not: a bad cable or radio link, a port that negotiated half duplex, a queue that overflows.
    Routes, names and filters are right, or nothing would arrive, so a search for a fault among them costs time and finds none.
    What helps is to know between which two places packets begin to be missing, and whether the host, which uses the same
    cable, loses them too.`,
  see: ['https://man7.org/linux/man-pages/man8/tc-netem.8.html', 'https://www.rfc-editor.org/rfc/rfc2680'],

  detect(view) {
    const { losing, uncounted } = partlyArriving(view);
    const ours = concerning(view, losing);
    const flow = telling(ours.map((one) => one.flow));
    const path = ours.find((one) => one.flow === flow)?.path;
    if (!flow || !path) return uncounted.length > 0 ? notCounted(uncounted) : undefined;
    const queues = view.observed.queuesOfAll.filter(losesByConfiguration);
    const { end, loss } = path;
    const { hostName } = view.network.names;
    return found({
      about: flow,
      detail: { flow, where: lossPlaceText(path), node: end?.node || hostName, queues },
      explains: idsOf([...losing.map((one) => one.flow), ...lostThere(view, path)]),
      confidence: loss?.before && loss.after ? 'certain' : 'likely',
      ...(end ? { hop: end.hop } : {}),
      because: [
        ...losing.slice(0, 6).map(partialLossSeen),
        ...queues.map(({ node, device, kind: queue, options, dropped }) => ({
          kind: 'queue-drops' as const,
          at: { node, device },
          queue,
          options,
          dropped,
        })),
        ...withoutLoss(view),
      ],
    });
  },
  explain: ({ flow, where }) => {
    const from = flow.outbound && flow.container ? named(flow) : flow.from.label;
    const to = flow.outbound || !flow.container ? flow.to.label : named(flow);
    return `${from} reaches ${to} with losses only, ${shareOf(flow)}: packets begin to be missing ${where}.`;
  },
  remedy: ({ queues, node, where }) => [
    ...(queues.length > 0
      ? [
          {
            title: 'Remove the loss from the queue that is configured to lose packets',
            use: 'run' as const,
            changes: queues.map(({ node: on, device, parent, options }): QueueChange => ({
              kind: 'queue',
              on,
              device,
              parent,
              was: options,
            })),
          },
        ]
      : []),
    advice(`Check what is ${where}: cable, port, duplex, radio, load`, node, [
      sh`ip -s link; ethtool -S ${placeholder('DEVICE')} | grep -iE "err|drop|crc"; mtr -rwc 50 ${placeholder('TARGET')}`,
    ]),
  ],
});

/** Losses of containers; where no container gets anything across for another reason, those of checks tell as much. */
function concerning({ flows }: Observed, losing: readonly PartialLoss[]): readonly PartialLoss[] {
  const ofContainers = losing.filter(({ flow }) => flow.container !== undefined);
  const across = flows.some((flow) => crossesParent(flow) && flow.arrival === 'all');
  const asked = losing.filter(({ flow }) => flow.probe.purpose === 'check');
  return ofContainers.length > 0 || across ? ofContainers : asked;
}

function notCounted(flows: readonly Flow[]): Inconclusive {
  const senders = [...new Set(flows.map(({ from }) => from.label))].join(' and ');
  return cannotTell({
    missing: `a look while the machine is less busy: every reply came in at ${senders}, and the probes counted fewer`,
    explains: idsOf(flows),
  });
}

function losesByConfiguration({ kind, options, dropped }: NodeQueue): boolean {
  return kind === 'netem' && /\bloss\b/.test(options) && dropped > 0;
}

function shareOf({ probe: { outcome } }: Flow): string {
  return outcome.kind === 'attempts' ? `${outcome.arrived} of ${outcome.sent}` : '';
}
