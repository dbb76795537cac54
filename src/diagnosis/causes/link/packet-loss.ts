import type { Queue } from '../../../evidence/facts.js';
import type { FlowPath } from '../../../path/path.js';
import { differentPackets } from '../../../path/observe/loss.js';
import { pathOf } from '../../../path/trace.js';
import { World } from '../../../network/world.js';
import { placeholder, sh } from '../../../shell.js';
import {
  advice,
  cannotTell,
  defineCause,
  found,
  on,
  type Command,
  type Inconclusive,
  type Remedy,
  type View,
} from '../../cause.js';
import type { Flow } from '../../flow.js';
import { failedLookups } from '../../symptoms/lookups.js';
import { crossesParent, failing, idsOf, named, telling } from '../../flow-questions.js';
import { addressConflict } from '../../symptoms/address-conflict.js';
import { captureAt, sighting } from '../../symptoms/wire.js';

type Known = 'nodes' | 'networks';
type Seen =
  | 'containers'
  | 'links'
  | 'routes'
  | 'rules'
  | 'captures'
  | 'firewall'
  | 'sysctls'
  | 'neighbours'
  | 'traces'
  | 'queues';

/** A flow of which some packets arrive and some do not, with the place where they begin to be missing. */
interface Thinned {
  readonly flow: Flow;
  readonly path: FlowPath;
}

interface Detail {
  readonly flow: Flow;
  readonly where: string;
  readonly node: string;
  readonly lossy: readonly (Queue & { readonly node: string })[];
}

export const packetLoss = defineCause({
  id: 'packet-loss',
  title: 'Some packets are lost on the way',
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks'],
  uses: ['containers', 'links', 'routes', 'rules', 'captures', 'firewall', 'sysctls', 'neighbours', 'traces', 'queues'],
  background: `
    Some of what is sent arrives and some does not: a bad cable or radio link, a port that negotiated half duplex, a queue
    that overflows. Routes, names and filters are right, or nothing would arrive, and looking for a fault among them is time
    lost. What helps is to know between which two places packets begin to be missing, and whether the host, which uses the
    same cable, loses them too.`,
  see: ['https://man7.org/linux/man-pages/man8/tc-netem.8.html', 'https://www.rfc-editor.org/rfc/rfc2680'],

  detect(view) {
    const world = new World(view);
    const partly = view.flows.filter((flow) => flow.arrival === 'some' && !isContested(view, flow));
    const late = partly.filter((flow) => cameBack(view, flow));
    const missing = partly.filter((flow) => !late.includes(flow));
    const thinned = missing.map((flow): Thinned => ({ flow, path: pathOf(world, flow.probe) }));
    const theirs = thinned.filter(({ flow }) => flow.container !== undefined);
    // Where no container gets anything across for another reason, what somebody asked of the host has to tell.
    const across = view.flows.some((flow) => crossesParent(flow) && flow.arrival === 'all');
    const asked = thinned.filter(({ flow }) => flow.probe.purpose === 'check');
    const ours = theirs.length > 0 || across ? theirs : asked;
    const flow = telling(ours.map((one) => one.flow));
    const told = ours.find((one) => one.flow === flow);
    if (!flow || !told) return late.length > 0 ? uncounted(late) : undefined;
    const { end, loss } = told.path;
    const where = placeOf(told.path);
    const lossy = losingQueues(view);
    const wholly = failing(view.flows).filter((one) => endsThere(pathOf(world, one.probe), told.path));
    return found<Detail>({
      detail: { flow, where, node: end?.node ?? '', lossy },
      explains: idsOf([...thinned.map((one) => one.flow), ...wholly, ...lookupsNowAndThen(view.flows)]),
      confidence: loss?.before && loss.after ? 'certain' : 'likely',
      ...(end ? { hop: end.hop } : {}),
      because: [
        ...thinned
          .slice(0, 6)
          .map(({ flow: { probe }, path }) => `${probe.from} to ${probe.to.label}: ${countsText(probe, path)}`),
        ...lossy.map(
          ({ node, device, kind, options, dropped }) =>
            `${node}: the queue of ${device} (${kind} ${options}) has dropped ${dropped} packets (tc -s qdisc).`,
        ),
        ...unharmed(view),
      ],
    });
  },
  explain: ({ flow, where }) => {
    const from = flow.outbound && flow.container ? named(flow) : flow.from.label;
    const to = flow.outbound || !flow.container ? flow.to.label : named(flow);
    return `${from} reaches ${to} with losses only, ${shareOf(flow)}: packets begin to be missing ${where}.`;
  },
  remedy: ({ lossy, node, where }): readonly Remedy[] => [
    ...(lossy.length > 0
      ? [
          {
            title: 'Take the loss out of the queue that is told to lose packets',
            use: 'run' as const,
            commands: lossy.map(unlose),
          },
        ]
      : []),
    advice(`Look at what is ${where}: cable, port, duplex, radio, load`, node || 'host', [
      sh`ip -s link; ethtool -S ${placeholder('DEVICE')} | grep -iE "err|drop|crc"; mtr -rwc 50 ${placeholder('TARGET')}`,
    ]),
  ],
});

/** Whether every reply came in at the sender's own link: then nothing was lost on the way, whatever the probe counted. */
function cameBack({ captures = [] }: View<Known, Seen>, flow: Flow): boolean {
  const { outcome } = flow.probe;
  const { replies, reliable } = sighting(flow, captureAt(captures, flow.from.node?.name ?? ''));
  return reliable && outcome.kind === 'attempts' && differentPackets(replies) >= outcome.sent;
}

function uncounted(late: readonly Flow[]): Inconclusive {
  const senders = [...new Set(late.map(({ from }) => from.label))].join(' and ');
  return cannotTell({
    missing: `a look while the machine is less busy: every reply came in at ${senders}, and the probes counted fewer`,
    explains: idsOf(late),
  });
}

/** What goes to another machine with the same address is not lost on the way. */
function isContested(view: View<Known, Seen>, flow: Flow): boolean {
  const { containers, links, captures } = view;
  return (
    containers !== undefined &&
    links !== undefined &&
    captures !== undefined &&
    addressConflict(view, flow) !== undefined
  );
}

/** How many were sent, how many arrive, and how many were seen on both sides of the place where some are lost. */
function countsText({ outcome }: Flow['probe'], { loss }: FlowPath): string {
  const { sent, arrived } = outcome.kind === 'attempts' ? outcome : { sent: 0, arrived: 0 };
  const seen = [loss?.before, loss?.after].flatMap((one) =>
    one ? [`${one.packets} at ${one.device} on ${one.node}`] : [],
  );
  return `Of ${sent} packets ${arrived} arrive${seen.length > 0 ? `: ${seen.join(', then ')}` : ''}.`;
}

function shareOf({ probe: { outcome } }: Flow): string {
  return outcome.kind === 'attempts' ? `${outcome.arrived} of ${outcome.sent}` : '';
}

/** Between which two looks they go missing, in words. */
function placeOf({ loss, end }: FlowPath): string {
  const [before, after] = [loss?.before, loss?.after];
  if (before && before.node === after?.node && before.device === after.device) return `in ${before.node}`;
  if (before && after)
    return before.node === after.node
      ? `in ${before.node}, between ${before.device} and ${after.device}`
      : `between ${before.device} of ${before.node} and ${after.device} of ${after.node}`;
  if (before) return `beyond ${before.device} of ${before.node}`;
  return `before ${after ? `${after.device} of ${after.node}` : (end?.node ?? 'the first place that was looked at')}`;
}

/** Nothing of it arrives, for no reason the model knows, and it was last seen where others thin out. */
function endsThere({ loss, end, agreement }: FlowPath, { loss: thinning, end: there }: FlowPath): boolean {
  const before = thinning?.before;
  return (
    loss === undefined &&
    agreement === 'outside our view' &&
    before !== undefined &&
    end?.direction === there?.direction &&
    end?.lastSeen?.node === before.node &&
    end.lastSeen.device === before.device
  );
}

/** A name that resolves for one and not for another: a question or its answer got lost. */
function lookupsNowAndThen(flows: readonly Flow[]): readonly Flow[] {
  const resolved = new Set(flows.filter(({ arrival }) => arrival !== 'none').map(({ probe }) => probe.to.name));
  return failedLookups(flows).filter(({ probe }) => resolved.has(probe.to.name));
}

/** Queues that are told to lose packets, and did. */
function losingQueues({ queues = {} }: View<Known, Seen>): Detail['lossy'] {
  return Object.entries(queues).flatMap(([node, all]) =>
    all
      .filter(({ kind, options, dropped }) => kind === 'netem' && /\bloss\b/.test(options) && dropped > 0)
      .map((queue) => ({ ...queue, node })),
  );
}

function unlose({ node, device, parent, options }: Detail['lossy'][number]): Command {
  const change = sh`tc qdisc change dev ${device} ${parent === undefined ? sh`root` : sh`parent ${parent}`} netem`;
  return on(node, sh`${change} loss 0%`, sh`${change} ${options.split(/\s+/)}`);
}

/** Who loses nothing narrows it down. */
function unharmed({ flows, nodes }: View<Known, Seen>): readonly string[] {
  const whole = flows.filter(({ arrival, probe }) => arrival === 'all' && probe.over.protocol === 'icmp');
  const siblings = whole.find(({ peer }) => peer === 'sibling');
  const host = nodes.find(({ kind }) => kind === 'host')?.name;
  const own = whole.find(({ from }) => from.node?.name === host);
  return [siblings, own].flatMap((one) => (one ? [`${one.from.label} loses nothing to ${one.to.label}.`] : []));
}
