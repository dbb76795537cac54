import type { Packet } from '../../evidence/facts.js';
import type { Reason } from '../../path/reason.js';
import { macsReplying } from '../../network/observations/replying-macs.js';
import { isRepliedByOther } from '../../path/observe/replied-by-other.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing, seenByTarget } from '../flow-questions.js';
import type { Observation, Place } from '../observation.js';
import { addressConflict } from './address-conflict.js';
import { sighting } from './wire.js';

/** Flows that got a reply although their target saw no request, and although the target alone has its address. */
export function repliedByOther(view: Observed): readonly Flow[] {
  return failing(view.flows).filter((flow) => isRepliedByOther(flow.probe) && !isOfOtherHolder(view, flow));
}

/** Reasons why a packet goes to another machine that has the same address, or a MAC address that another had. */
const MISDELIVERED: ReadonlySet<Reason['kind']> = new Set([
  'address-conflict',
  'sender-address-held',
  'host-address-taken',
  'address-lost',
  'stale-neighbour',
]);

/** Whether it is the address that is held twice: then the other holder replies for itself. */
function isOfOtherHolder(view: Observed, flow: Flow): boolean {
  const { verdict } = view.paths.ofAny(flow.probe);
  const reason = verdict.kind === 'other-replies' ? verdict.reason : undefined;
  const others = view.network.addresses
    .holdings(flow.to.address)
    .filter(({ node }) => node.name !== flow.to.node?.name && node.name !== flow.from.node?.name);
  return (
    (reason !== undefined && MISDELIVERED.has(reason.kind)) ||
    others.length > 0 ||
    macsReplying(view.observed, flow.to.address).length > 1 ||
    addressConflict(view, seenByTarget(view.network, flow) ?? flow) !== undefined
  );
}

/** That the target saw no request, on the link that has its address, and what the reply came with. */
export function replySeen(view: Observed, flow: Flow): readonly Observation[] {
  const { network } = view;
  const node = flow.to.node?.name ?? '';
  const device = network.addresses.linkWith(node, flow.to.address)?.name;
  return [
    { kind: 'request-not-received', at: { node, device }, from: flow.from.label, over: flow.probe.over },
    ...replyCameFrom(view, flow),
  ];
}

/** What the reply came in with: at its sender best, else at the host, where a capture saw it. */
function replyCameFrom({ network: { links, names }, observed }: Observed, flow: Flow): readonly Observation[] {
  const at = [flow.from.node?.name, names.hostName];
  const captures = [...observed.captures].sort((a, b) => rankOf(at, a.node) - rankOf(at, b.node));
  for (const capture of captures.filter(({ node }) => at.includes(node))) {
    const reply = sighting(flow, capture).replies.find(({ direction }) => direction === 'in');
    const ttl = reply && ttlOf(reply);
    if (!reply || ttl === undefined) continue;
    const mac = reply.sourceMac;
    return [{ kind: 'reply-came-from', at: placeOf(capture), mac, ttl, holder: holderOf({ links, names }, mac) }];
  }
  return [];
}

function rankOf(nodes: readonly (string | undefined)[], node: string): number {
  return nodes.indexOf(node);
}

function ttlOf({ content }: Packet): number | undefined {
  return 'ttl' in content ? content.ttl : undefined;
}

function placeOf({ node, device }: { readonly node: string; readonly device: string }): Place {
  return { node, device };
}

function holderOf({ links, names }: Pick<Observed['network'], 'links' | 'names'>, mac: string): Place | undefined {
  for (const { name: node } of names.nodes) {
    const link = links.of(node)?.find((one) => one.mac?.toLowerCase() === mac.toLowerCase());
    if (link) return { node, device: link.name };
  }
  return undefined;
}
