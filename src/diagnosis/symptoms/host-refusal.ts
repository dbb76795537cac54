import type { Facts } from '../../evidence/facts.js';
import { sh } from '../../shell.js';
import { cannotTell, on, type Inconclusive } from '../cause.js';
import type { Flow } from '../flow.js';
import { culprits, wouldDrop, type Culprit } from './culprits.js';
import { crossesParent, failing, subnetsOf } from '../flow-questions.js';
import { isLayer3 } from '../../network/networks.js';
import { hostName } from '../reading.js';
import { maskedAt } from './masked.js';
import {
  kindOf,
  parentMayBeUp,
  sufferingOf,
  tracedAbove,
  type RefusalKind,
  type RefusalView,
  type Suffering,
} from './suffering.js';
import { suspected } from './turned-down.js';
import { captureAt, questFor, sighting } from './wire.js';

/** What the host's packet filter does to containers whose packets it sees in OUTPUT and POSTROUTING. */
export interface Refusal extends Suffering {
  /** The host's own flows that the same filter refused. */
  readonly own: readonly Flow[];
  readonly subnets: readonly string[];
  readonly parent: string;
  /** Whether a trace shows some of it dropped. */
  readonly traced: boolean;
  /** Absent places to act at mean that no rule could be blamed. */
  readonly culprits: readonly Culprit[];
}

/** The hooks a container's packets cross on their way out, in L3 and L3S. */
const HOOKS = ['output', 'postrouting'];

/** The refusals of one kind on this host, or what keeps us from telling; `undefined` when there are none. */
export function refusalOf(view: RefusalView, ...kinds: readonly RefusalKind[]): Refusal | Inconclusive | undefined {
  const concerned = view.flows.filter((flow) => crossesParent(flow) && isLayer3(flow.network));
  if (view.links[hostName(view.nodes)] === undefined) {
    const open = suspected(view, concerned);
    return kinds.includes('everything') ? open : open && cannotTell({ missing: open.missing });
  }
  const containers = [...new Set(concerned.map(({ container }) => container?.name))];
  const suffering = containers
    .map((name) => concerned.filter(({ container }) => container?.name === name))
    .filter((flows) => kinds.includes(kindOf(view, flows)))
    .map((flows) => sufferingOf(view, flows));
  const refused = suffering.flatMap((one) => one.refused);
  const silenced = suffering.flatMap((one) => one.silenced);
  const halfOpen = suffering.flatMap((one) => one.halfOpen);
  const all = [...refused, ...silenced];
  if (all.length === 0) return undefined;
  const host = hostName(view.nodes);
  const parent = all[0]?.network?.parent ?? '';
  const firewall = view.firewall[host];
  const subnets = subnetsOf(all);
  // A filter on the link refuses likewise, and only the rules tell the two apart.
  if (firewall === undefined)
    return cannotTell({
      missing: `the packet filter of ${host}`,
      explains: ids(all),
      oneOf: ['host-output-firewall-drop', 'parent-tc-xdp-or-netdev-filter'],
      test: on(host, sh`nft list ruleset   # a drop in a chain that hooks output, or egress`),
    });
  const found = culprits(firewall, {
    hooks: HOOKS,
    words: [parent, ...subnets],
    attempts: fewestAttempts(all),
    traces: view.traces?.[host],
  });
  // Every rule could be read and none of them drops: then it is not the packet filter that refuses.
  if (found.length === 0)
    return cannotTell({
      missing: `what on ${host} refuses these packets: no packet filter rule does`,
      explains: ids(all),
    });
  const traced = all.some((flow) => tracedAbove(view, flow));
  return { refused, silenced, halfOpen, own: ownRefused(view), subnets, parent, traced, culprits: found };
}

/** As {@link refusalOf}, for what something before the packet filter stops already: by its rules alone. */
export function maskedRefusal(view: RefusalView & Partial<Facts>): (Refusal & { kind: RefusalKind }) | undefined {
  const stopped = maskedAt(view, 'host-output').filter(
    // With the parent down nothing tells the two apart by measuring.
    ({ flow, died }) => isLayer3(flow.network) && (!died || !parentMayBeUp(view, flow)),
  );
  const flows = stopped.map(({ flow }) => flow);
  const firewall = view.firewall[hostName(view.nodes)];
  const [refused, silenced] = [flows.filter(({ outbound }) => outbound), flows.filter(({ outbound }) => !outbound)];
  if (!firewall || flows.length === 0) return undefined;
  return {
    ...{ refused, silenced, halfOpen: [], own: [], subnets: subnetsOf(flows), traced: false },
    kind: silenced.length === 0 && refused.every(({ peer }) => peer === 'internet') ? 'internet-only' : 'everything',
    parent: flows[0]?.network?.parent ?? '',
    culprits: wouldDrop(firewall, { hooks: HOOKS, reasons: stopped.map(({ reason }) => reason) }),
  };
}

function ids(flows: readonly Flow[]): readonly string[] {
  return flows.map(({ id }) => id);
}

function fewestAttempts(flows: readonly Flow[]): number {
  return Math.min(...flows.map(({ probe: { outcome } }) => (outcome.kind === 'attempts' ? outcome.sent : 1)));
}

/** What the host sends by itself crosses the same hook; its own tools say so when it is dropped or rejected there. */
function ownRefused(view: RefusalView): readonly Flow[] {
  const { flows, nodes, captures } = view;
  const host = hostName(nodes);
  const parent = captureAt(captures, host);
  const absent = (flow: Flow) => {
    const { requests, reliable } = sighting(flow, parent);
    return reliable && requests.length === 0 && !questFor(view, flow).asked;
  };
  const own = failing(flows).filter((flow) => flow.from.node?.name === host && absent(flow));
  const told = own.filter(
    ({ probe: { outcome } }) =>
      outcome.kind === 'attempts' && (outcome.failure === 'refused-locally' || outcome.failure === 'rejected'),
  );
  // TCP hides the refusal from its user, so that flows to the same place are judged by their like; and what the host may
  // not send to a container it may not answer it either.
  const refused = own.filter((flow) => told.some(({ to }) => to.address === flow.to.address));
  const answers = failing(flows).filter(
    ({ outbound, peer, containerAddress }) =>
      outbound && peer === 'host' && refused.some(({ to }) => to.address === containerAddress),
  );
  return [...refused, ...answers];
}
