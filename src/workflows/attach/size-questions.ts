import type { NodeFact } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import type { Survey } from '../../probes/facts/survey.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';

/** The largest packet that is sent to the internet, in bytes: more passes no ordinary uplink. */
const LARGEST_OUTWARD = 1500;
/** What tunnels and PPPoE carry as a rule. Where the largest packet is lost, this one tells a size that may be set. */
const COMMON_TUNNEL = 1400;
/** Internet targets that get a large packet: one alone may refuse large pings. */
const MOST_TARGETS = 2;

interface Asked {
  readonly container: string;
  readonly nodes: readonly NodeFact[];
  readonly surveyed: Pick<Survey, 'inside'>;
}

/**
 * Large packets beside the small ones that are asked anyhow, from the container and from the host: to the router and to the internet,
 * as large as the container's own link carries. Not to be judged: a router may well say that one was too large.
 */
export function sizeQuestions(
  asked: readonly CheckPlan[],
  { container, nodes, surveyed }: Asked,
): readonly CheckPlan[] {
  const mtu = Math.min(
    ...(surveyed.inside[container] ?? []).flatMap(({ name, mtu: own }) => (name === 'lo' ? [] : own)),
  );
  if (!Number.isFinite(mtu)) return [];
  const kindOf = (check: CheckPlan) => nodes.find(({ name }) => name === check.to.node)?.kind;
  const small = asked.filter(({ from, over }) => from === container && over.protocol === 'icmp');
  const outward = small.filter((check) => kindOf(check) === 'internet');
  const family = familyOf(outward[0]?.to.address ?? '');
  const internet = outward.filter(({ to }) => familyOf(to.address) === family).slice(0, MOST_TARGETS);
  const router = small.filter((check) => kindOf(check) === 'gateway' && familyOf(check.to.address) === (family ?? 4));
  const host = nodes.find(({ kind }) => kind === 'host')?.name;
  const far = Math.min(mtu, LARGEST_OUTWARD);
  const sized = (from: string, { to }: CheckPlan, bytes: number) => makeCheck(from, to, { protocol: 'mtu', bytes });
  const [main] = internet;
  return [
    ...router.map((check) => sized(container, check, mtu)),
    ...internet.map((check) => sized(container, check, far)),
    ...(main && far > COMMON_TUNNEL ? [sized(container, main, COMMON_TUNNEL)] : []),
    ...(main && host !== undefined ? [sized(host, main, far)] : []),
  ];
}
