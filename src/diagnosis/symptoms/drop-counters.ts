import { familyOf } from '../../ip.js';
import { sh } from '../../shell.js';
import { cannotTell, on, type Inconclusive, type Observed } from '../cause.js';
import type { CauseId } from '../causes/ids.js';
import type { Flow } from '../flow.js';
import { failing, getsThrough, idsOf } from '../flow-questions.js';

/** ENOBUFS: what IPvlan answers when the host's namespace drops a packet. A container's own filter says EPERM. */
export function toldNoBuffer({ probe: { outcome } }: Flow): boolean {
  return outcome.kind === 'attempts' && outcome.said.some((line) => /no buffer space/i.test(line));
}

/** Router solicitations make the counter move by one or two all by themselves. */
const NOISE = 2;

/** A packet that the host's namespace drops counts as dropped on the container's own link; one that is lost further out never does. */
export function countsDrops({ observed }: Pick<Observed, 'observed'>, { container }: Flow): boolean {
  const { txDropped = {} } = observed.counters(container?.name ?? '') ?? {};
  return Object.values(txDropped).some((count) => count > NOISE);
}

/** The host was not looked at, and still the container's own counters show that the host dropped its packets. */
export function suspectedDrops(
  seen: Pick<Observed, 'network' | 'observed'>,
  flows: readonly Flow[],
): Inconclusive | undefined {
  const lost = failing(flows).filter(
    (flow) => flow.outbound && (toldNoBuffer(flow) || (flow.peer !== 'host' && countsDrops(seen, flow))),
  );
  const [first] = lost;
  if (!first) return undefined;
  const [host, parent] = [seen.network.names.hostName, first.network?.parent ?? 'the parent'];
  return cannotTell({
    missing: `what on ${host} dropped these packets: its packet filter in OUTPUT, a filter on ${parent}, or ${parent} being down`,
    explains: idsOf(lost),
    oneOf: droppingAlike(flows, lost),
    test: on(host, sh`ip link show dev ${parent}; nft list ruleset   # a drop in a chain that hooks output`),
  });
}

/** What drops such packets on the host and spares those that get through, the most usual first. */
function droppingAlike(flows: readonly Flow[], lost: readonly Flow[]): readonly CauseId[] {
  const passing = flows.filter((flow) => flow.outbound && flow.peer !== 'host' && getsThrough(flow));
  const nothingPasses = passing.length === 0;
  const lacksPing = !lost.some(({ probe }) => probe.over.protocol === 'icmp');
  const possible: readonly (readonly [CauseId, boolean])[] = [
    ['host-output-firewall-drop', true],
    [
      'host-output-egress-killswitch',
      !passing.some(({ peer, probe }) => peer === 'internet' && probe.to.name === undefined),
    ],
    ['parent-down-or-no-carrier', nothingPasses],
    ['host-output-drops-ct-invalid', lacksPing],
    ['host-output-drop-new-only', nothingPasses],
    // IPv6 without a route is dropped likewise, where IPv4 would ask for the target by ARP.
    ['ipv6-l3-host-default-missing-or-other-nic', lost.every(({ to }) => familyOf(to.address) === 6)],
    ['parent-tc-xdp-or-netdev-filter', true],
  ];
  return possible.flatMap(([id, is]) => (is ? [id] : []));
}
