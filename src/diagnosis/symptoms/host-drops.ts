import type { Firewall } from '../../evidence/facts.js';
import { isLayer3 } from '../../network/networks.js';
import type { ChainPlace } from '../../network/packet-filter.js';
import { sh } from '../../shell.js';
import { cannotTell, on, type Inconclusive } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, failing, idsOf, subnetsOf } from '../flow-questions.js';
import type { BlockingRule } from '../observations/firewall.js';
import { blockingRules } from './blocking-rules.js';
import { suspectedDrops } from './drop-counters.js';
import { dropKindOf, type DropKind } from './drop-kind.js';
import { droppedOnHost, type DroppedFlows, type HostDropEvidence } from './dropped-on-host.js';
import { isTracedDropped } from './traced-drops.js';
import { onParent, arpSeen } from './wire.js';

/** What the host's packet filter drops of containers whose packets traverse OUTPUT and POSTROUTING. */
export interface HostDrops extends DroppedFlows {
  /** The host's own flows that the same filter drops. */
  readonly own: readonly Flow[];
  readonly subnets: readonly string[];
  readonly host: string;
  readonly parent: string;
  /** Whether a trace shows some of it dropped. */
  readonly traced: boolean;
  readonly rules: readonly BlockingRule[];
  /** The chains that would have to accept the packets. */
  readonly places: readonly ChainPlace[];
}

/** The hooks a container's packets traverse on their way out, in L3 and L3S. */
export const EGRESS_HOOKS = ['output', 'postrouting'];

/** What the host drops in one of these ways, or what keeps us from telling; `undefined` when nothing. */
export function hostDrops(seen: HostDropEvidence, ...kinds: readonly DropKind[]): HostDrops | Inconclusive | undefined {
  const concerned = seen.flows.filter((flow) => crossesParent(flow) && isLayer3(flow.network));
  const { names, links } = seen.network;
  if (links.of(names.hostName) === undefined) {
    const open = suspectedDrops(seen, concerned);
    return kinds.includes('everything') ? open : open && cannotTell({ missing: open.missing });
  }
  const dropped = droppedInWays(seen, concerned, kinds);
  const all = [...dropped.requests, ...dropped.replies, ...dropped.halfOpen];
  if (all.length === 0) return undefined;
  const firewall = seen.network.firewall(names.hostName);
  if (firewall === undefined) return filterUnread(names.hostName, all);
  const subject = { host: names.hostName, parent: all[0]?.network?.parent ?? '', subnets: subnetsOf(all) };
  const rules = rulesFor(seen, firewall, { ...subject, all });
  // Every rule could be read and none of them drops: then it is not the packet filter that drops.
  if (rules.length === 0)
    return cannotTell({
      missing: `what on ${names.hostName} drops these packets: no packet filter rule does`,
      explains: idsOf(all),
    });
  const traced = all.some((flow) => isTracedDropped(seen, flow));
  const places = rules.map(({ by }) => by.place);
  return { ...dropped, ...subject, own: droppedOfHost(seen), traced, rules, places };
}

/** What the host drops of those containers of which it drops packets in one of these ways. */
function droppedInWays(seen: HostDropEvidence, concerned: readonly Flow[], kinds: readonly DropKind[]): DroppedFlows {
  const containers = [...new Set(concerned.map(({ container }) => container?.name))];
  const dropped = containers
    .map((name) => concerned.filter(({ container }) => container?.name === name))
    .filter((flows) => kinds.includes(dropKindOf(seen, flows)))
    .map((flows) => droppedOnHost(seen, flows));
  return {
    requests: dropped.flatMap((one) => one.requests),
    replies: dropped.flatMap((one) => one.replies),
    halfOpen: dropped.flatMap((one) => one.halfOpen),
  };
}

/** A filter on the link drops likewise, and only the rules tell the two apart. */
function filterUnread(host: string, flows: readonly Flow[]): Inconclusive {
  return cannotTell({
    missing: `the packet filter of ${host}`,
    explains: idsOf(flows),
    oneOf: ['host-output-firewall-drop', 'parent-tc-xdp-or-netdev-filter'],
    test: on(host, sh`nft list ruleset   # a drop in a chain that hooks output, or egress`),
  });
}

interface Subject extends Pick<HostDrops, 'host' | 'parent' | 'subnets'> {
  readonly all: readonly Flow[];
}

function rulesFor({ observed }: HostDropEvidence, firewall: Firewall, { host, parent, subnets, all }: Subject) {
  const attempts = all.map(({ probe: { outcome } }) => (outcome.kind === 'attempts' ? outcome.sent : 1));
  return blockingRules(firewall, {
    hooks: EGRESS_HOOKS,
    words: [parent, ...subnets],
    attempts: Math.min(...attempts),
    traces: observed.traces(host),
  });
}

/** What the host sends by itself traverses the same hook; its own tools say so when it is dropped or rejected there. */
function droppedOfHost(seen: HostDropEvidence): readonly Flow[] {
  const { flows, network } = seen;
  const own = failing(flows).filter(
    (flow) => flow.from.node?.name === network.names.hostName && isAbsentOnParent(seen, flow),
  );
  const told = own.filter(
    ({ probe: { outcome } }) =>
      outcome.kind === 'attempts' && (outcome.failure === 'refused-locally' || outcome.failure === 'rejected'),
  );
  // TCP hides the drop from its user, so that flows to the same place are judged by their like; and what the host may
  // not send to a container it may not reply to it either.
  const dropped = own.filter((flow) => told.some(({ to }) => to.address === flow.to.address));
  const replies = failing(flows).filter(
    ({ outbound, peer, containerAddress }) =>
      outbound && peer === 'host' && dropped.some(({ to }) => to.address === containerAddress),
  );
  return [...dropped, ...replies];
}

function isAbsentOnParent(seen: HostDropEvidence, flow: Flow): boolean {
  const { requests, reliable } = onParent(seen, flow);
  return reliable && requests.length === 0 && !arpSeen(seen, flow).asked;
}
