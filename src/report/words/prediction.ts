import type { NotPredictable, OutsideModel, Rejection } from '../../diagnosis/remedies/applied.js';
import type { CheckPrediction } from '../../diagnosis/what-if/predict-changes.js';
import { reasonText } from './reason.js';
import { notSeenText } from './unseen.js';

/** A check with why it does not pass, or is not predicted. */
interface Told {
  readonly id: string;
  readonly because: string;
}

/** Checks by what is predicted of them. */
interface Sorted {
  readonly mended: readonly string[];
  readonly failing: readonly Told[];
  readonly broken: readonly Told[];
  readonly open: readonly Told[];
  /** Nodes that are assumed to be in order. */
  readonly assumed: readonly string[];
}

/** What is predicted as a whole: `Predicted: 9 of 9 failing checks pass, nothing else changes.` */
export function predictionSentence({ mended, failing, broken, open, assumed }: Sorted, failingNow: number): string {
  const passes =
    open.length > 0 && mended.length === 0 && failing.length === 0 ? '' : passesText(mended.length, failingNow);
  const settled = broken.length === 0 && open.length === 0;
  const rest = mended.length === 0 ? 'nothing changes' : `${passes}, nothing else changes`;
  const first = settled ? rest : passes;
  return [
    ...(first === '' ? [] : [`Predicted: ${first}.`]),
    ...exampleText(failing, 'still fails'),
    ...exampleText(broken, 'passes now and then fails'),
    ...exampleText(open, 'is not predicted'),
    ...(assumed.length === 0 ? [] : [`${assumed.join(' and ')} not observed: assumed to be in order otherwise.`]),
  ].join(' ');
}

function passesText(mended: number, failingNow: number): string {
  if (failingNow === 0) return '';
  if (failingNow === 1) return `the failing check ${mended === 1 ? 'passes' : 'does not pass'}`;
  return `${mended} of ${failingNow} failing checks pass`;
}

/** One of several checks: `laptop>database/icmp (and 2 more) still fails: no route to 192.168.10.10.` */
function exampleText([first, ...more]: readonly Told[], does: string): readonly string[] {
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return [`${first.id}${others} ${does}: ${first.because}.`];
}

/** Why a check does not pass, or is not predicted, as the end of a sentence. */
export function endText(end: CheckPrediction['end']): string {
  if (end?.kind === 'lost') return reasonText(end.reason);
  if (end?.missing) return notSeenText(end.missing);
  return end ? `the model does not say what happens on ${end.node}` : 'what stops it now is not in the model';
}

/** Why nothing is predicted, as a sentence. */
export function notPredictableText(why: NotPredictable): string {
  return `Not predictable: ${whyText(why)}.`;
}

function whyText(why: NotPredictable): string {
  switch (why.kind) {
    case 'by-hand':
      return `the change on ${why.on} is made by hand, and is not in the model`;
    case 'to-fill-in':
      return 'a value is to be filled in';
    case 'not-in-model':
      return `the model has no ${OUTSIDE[why.what]}`;
    case 'not-seen':
      return `the ${why.fact} of ${why.node} were not observed`;
    case 'rejected':
      return `the change is rejected: ${rejectionText(why.because)}`;
    case 'new-address':
      return `Docker gives ${why.container} another address`;
    case 'fault-not-in-model':
      return 'what stops the failing checks now is not in the model';
  }
}

const OUTSIDE: Readonly<Record<OutsideModel, string>> = {
  'kernel-module': 'kernel modules',
  service: 'services that restart',
  'switch-vlan': 'VLANs of a switch port',
  'packet-loss': 'loss of single packets',
  firewalld: 'rules that firewalld writes',
  'port-forward': 'translation of destinations',
  membership: 'order in which Docker connects networks',
  sysctl: 'effect of this sysctl',
  'stopped-container': 'links of a container that does not run',
};

/** Why the kernel or Docker rejects a change, as the end of a sentence. */
export function rejectionText(because: Rejection): string {
  switch (because.kind) {
    case 'no-such-node':
      return `no node is called ${because.node}`;
    case 'no-such-link':
      return `${because.node} has no link ${because.device}`;
    case 'link-is-down':
      return `the link ${because.device} of ${because.node} is down`;
    case 'no-such-route':
      return `${because.node} has no such route to ${because.destination}`;
    case 'no-such-rule':
      return `${because.node} has no such policy rule with priority ${because.priority}`;
    case 'no-such-chain':
      return `the packet filter of ${because.node} has no chain ${because.chain} in table ${because.table}`;
    case 'no-such-network':
      return `no network is called ${because.network}`;
    case 'next-hop-not-on-link':
      return `no link of ${because.node} is in a subnet with the next hop ${because.via}`;
  }
}
