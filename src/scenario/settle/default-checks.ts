import type { Directory, PlannedNode } from './directory.js';
import type { CheckPlan, Plan } from '../plan.js';
import { makeCheck } from './settle-checks.js';

/** What is asked when the file asks nothing: containers to their siblings, to gateway, peer and internet, and a peer to them. */
export function defaultChecks(
  { site, containers }: Pick<Plan, 'site' | 'containers'>,
  directory: Directory,
): readonly CheckPlan[] {
  const peer = site.peers[0]?.name;
  const outside = ['gateway', peer, directory.names[0] ?? 'internet'].filter((label) => label !== undefined);
  const nodes = containers.flatMap(({ name }) => directory.node(name) ?? []);
  const pairs = nodes.flatMap((from) => [
    ...nodes.filter((other) => other !== from && networkOf(other, from)).map((other) => [from, other.name] as const),
    ...(leadsOut(from) ? outside.map((label) => [from, label] as const) : []),
  ]);
  const visitor = peer === undefined ? undefined : directory.node(peer);
  const visits = visitor ? nodes.filter(isOnLan).map(({ name }) => [visitor, name] as const) : [];
  return [...pairs, ...visits].flatMap(([from, label]) => {
    const to = directory.target(from, label);
    return to ? [makeCheck(from.name, to, { protocol: 'icmp' })] : [];
  });
}

/** The first network two containers share. */
function networkOf(a: PlannedNode, b: PlannedNode): string | undefined {
  return a.addresses.find(({ network }) => b.addresses.some((own) => own.network === network))?.network?.name;
}

/** Whether any of a container's networks has a route out. */
function leadsOut({ addresses }: PlannedNode): boolean {
  return addresses.some(
    ({ network }) => network && !network.internal && (network.parent ?? network.driver === 'bridge'),
  );
}

/** Whether others can begin: a bridge hides its containers behind the host. */
function isOnLan(node: PlannedNode): boolean {
  return leadsOut({ ...node, addresses: node.addresses.filter(({ network }) => network?.driver !== 'bridge') });
}
