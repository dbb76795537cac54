import type { Firewall } from '../../evidence/facts.js';
import { isLayer3 } from '../../network/networks.js';
import { sameDecider, type ChainPlace } from '../../network/packet-filter.js';
import { found, type Found } from '../cause.js';
import type { Flow } from '../flow.js';
import { idsOf, subnetsOf, telling } from '../flow-questions.js';
import { predictedBlockingRules, rulesSeen } from './blocking-rules.js';
import type { DropKind } from './drop-kind.js';
import { parentMayBeUp, type HostDropEvidence } from './dropped-on-host.js';
import { hiddenAt } from './hidden-faults.js';
import { EGRESS_HOOKS, hostDrops, type HostDrops } from './host-drops.js';

interface Detail {
  readonly flow: Flow | undefined;
  readonly drops: HostDrops;
}

/**
 * What is found where all packets are lost before the host's packet filter, whose rules would drop them too. A rule that
 * drops others, which do get there, is named by the cause of those.
 */
export function hiddenEgressCause(seen: HostDropEvidence, kind: DropKind): Found<Detail> | undefined {
  const drops = hiddenHostDrops(seen);
  if (drops?.kind !== kind) return undefined;
  const observed = hostDrops(seen, 'everything', 'new-only', 'replies-only', 'internet-only');
  const known = observed && 'rules' in observed ? observed.rules : [];
  if (drops.rules.some(({ by }) => known.some((one) => sameDecider(one.by, by)))) return undefined;
  const flows = [...drops.requests, ...drops.replies];
  return found({
    detail: { flow: telling(flows), drops },
    explains: idsOf(flows),
    confidence: 'likely',
    hidden: true,
    because: rulesSeen(drops.host, drops.rules),
  });
}

/** What the host would drop of the packets that are lost before its packet filter, by its rules alone. */
function hiddenHostDrops(seen: HostDropEvidence): (HostDrops & { readonly kind: DropKind }) | undefined {
  const hidden = hiddenAt(seen, 'host-output').filter(
    // With the parent down nothing tells the two apart by measuring.
    ({ flow, endsHere }) => isLayer3(flow.network) && (!endsHere || !parentMayBeUp(seen, flow)),
  );
  const flows = hidden.map(({ flow }) => flow);
  const host = seen.network.names.hostName;
  const firewall = seen.network.firewall(host);
  if (!firewall || flows.length === 0) return undefined;
  const requests = flows.filter(({ outbound }) => outbound);
  const replies = flows.filter(({ outbound }) => !outbound);
  const reasons = hidden.map(({ reason }) => reason);
  const rules = predictedBlockingRules(firewall, { hooks: EGRESS_HOOKS, reasons });
  return {
    kind: replies.length === 0 && requests.every(({ peer }) => peer === 'internet') ? 'internet-only' : 'everything',
    requests,
    replies,
    halfOpen: [],
    own: [],
    subnets: subnetsOf(flows),
    host,
    parent: flows[0]?.network?.parent ?? '',
    traced: false,
    rules,
    places: rules.length > 0 ? rules.map(({ by }) => by.place) : egressChains(firewall),
  };
}

/** Chains that can drop what leaves the host. */
function egressChains({ chains }: Firewall): readonly ChainPlace[] {
  return chains.filter(({ hook = '', type }) => EGRESS_HOOKS.includes(hook) && type !== 'nat');
}
