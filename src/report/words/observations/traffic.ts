import { deciderText } from '../../../diagnosis/filter-names.js';
import type { TrafficObservation } from '../../../diagnosis/observations/traffic.js';
import { overText } from '../../../scenario/plan.js';
import { complaintText } from '../icmp.js';
import { placeText } from './place.js';
import type { TextsOf } from './texts.js';

export const TRAFFIC: TextsOf<TrafficObservation> = {
  'second-look': () => 'A second look showed it once the causes before it were fixed.',
  'filter-drops': ({ node, by, hook, what, predicted }) =>
    `${node}: ${predicted ? 'predicted: ' : ''}${deciderText(by)} drops ${droppedText(what)}${hook === undefined ? '' : ` at the ${hook} hook`}.`,
  'packets-seen': ({ at, source, destination, requests, replies }) =>
    `${placeText(at)}: ${requests} requests from ${source} to ${destination}, ${replies} replies.`,
  flow: ({ from, to, over, arrives }) =>
    `${from}: ${to} ${arrives ? 'is reachable' : 'does not answer'} (${overText(over)}).`,
  'cured-by-fix': ({ from, to, over }) => `${from}: ${to} is reachable with this fix in place (${overText(over)}).`,
  'reply-at': ({ at, from, to, over, seen }) =>
    `${placeText(at)}: ${seen ? 'replies' : 'no replies'} of ${from} to ${to} come in (${overText(over)}).`,
  'request-not-received': ({ at, from, over }) =>
    `${placeText(at)}: no request of ${from} arrives, and ${from} gets a reply (${overText(over)}).`,
  'reply-came-from': ({ at, mac, ttl, holder }) =>
    `${placeText(at)}: the reply comes from ${mac}${holder ? ` (${placeText(holder)})` : ''} with TTL ${ttl}.`,
  'group-datagram': ({ at, group, seen }) =>
    `${placeText(at)}: ${seen ? 'the datagram' : 'no datagram'} to ${group} leaves here.`,
  'multicast-not-received': ({ at, sender, what }) =>
    `${placeText(at)}: ${what.kind === 'group' ? `the datagram to ${what.group}` : `the neighbour solicitation for ${what.address}`} that leaves ${placeText(sender)} does not come in.`,
  'icmp-error': ({ at, sender, complaint, from, to, mtu }) =>
    `${placeText(at)}: ${sender} replies with ${complaintText({ complaint, mtu })} to packets from ${from} to ${to}.`,
  'no-size-report': ({ at, to }) => `${placeText(at)}: no "fragmentation needed" comes in about packets to ${to}.`,
  'arp-request': ({ at, asker, address }) => `${placeText(at)}: ${asker} sends ARP requests for ${address}.`,
  'unanswered-arp': ({ at, asker, address }) =>
    `${placeText(at)}: ${asker} sends ARP requests for ${address} and gets no reply.`,
};

function droppedText(what: Extract<TrafficObservation, { kind: 'filter-drops' }>['what']): string {
  if (what === undefined) return 'packets';
  return what.kind === 'source' ? `packets from ${what.source}` : 'packets of no connection that it tracks';
}
