import { familyOf } from '../../ip.js';
import { type Directory, hasFamily, type PlannedNode } from './directory.js';
import { type CheckPlan, type Over, overText, type Plan, type Target } from '../plan.js';
import { isToMany } from '../to-many.js';
import { isLayer3Mode } from './settle-gateway.js';
import { makeCheck } from './settle-checks.js';

/** Beyond these many containers further comparisons tell nothing new. */
const MOST_CONTAINERS = 8;

const ICMP: Over = { protocol: 'icmp' };
const HTTPS: Over = { protocol: 'tcp', port: 443 };

type Settled = Pick<Plan, 'site' | 'containers' | 'checks'>;

/**
 * Flows that are probed in addition to the checks, so that causes can compare: the same container to nearer and further targets, the way
 * back, and the host in the container's place. None of them equals a check.
 */
export function comparisons(plan: Settled, directory: Directory): readonly CheckPlan[] {
  const seen = new Set(plan.checks.map(sameness));
  const known = new Set(plan.checks.map(({ id }) => id));
  const all = [
    ...containerFlows(plan, directory),
    ...resolverFlows(plan, directory),
    ...siteFlows(plan, directory),
    ...inTheContainersPlace(plan, directory),
  ];
  return all.filter((flow) => {
    const isNew = flow.to.node !== flow.from && !seen.has(sameness(flow)) && !known.has(flow.id);
    seen.add(sameness(flow));
    known.add(flow.id);
    return isNew;
  });
}

function sameness({ from, to, over }: CheckPlan): string {
  return [from, to.name ?? to.address, overText(over)].join(' ');
}

/** Containers that the checks are about come first. */
function compared({ containers, checks }: Settled, directory: Directory): readonly PlannedNode[] {
  const named = new Set(checks.flatMap(({ from, to }) => [from, to.node]));
  const involved = containers.filter(({ name }) => named.has(name));
  return involved.slice(0, MOST_CONTAINERS).flatMap(({ name }) => directory.node(name) ?? []);
}

function containerFlows(plan: Settled, directory: Directory): readonly CheckPlan[] {
  const peer = plan.site.peers[0]?.name;
  const nodes = compared(plan, directory);
  return nodes.flatMap((node) => {
    // A child never reaches its parent's host in L2 and macvlan, nor the other way: asking tells nothing.
    const meetsHost = node.addresses.some(({ network }) => isLayer3Mode(network?.mode) || network?.driver === 'bridge');
    const host = meetsHost ? 'host' : undefined;
    const from = node.name;
    return [
      ...flows(directory, { from, to: ['gateway', peer, 'internet', host], over: ICMP }),
      ...flows(directory, { from, to: ['internet'], over: HTTPS }),
      ...secondAddress(plan, node),
      ...flows(directory, { from, to: siblings(node, nodes), over: ICMP }),
      ...['gateway', peer, host].flatMap((visitor) => flows(directory, { from: visitor, to: [from], over: ICMP })),
    ];
  });
}

/** Whether a container reaches the resolvers it was given, and the host does. */
function resolverFlows(plan: Settled, directory: Directory): readonly CheckPlan[] {
  return plan.containers
    .filter(({ name }) => compared(plan, directory).some((node) => node.name === name))
    .flatMap(({ name, dns = [] }) =>
      dns.flatMap((address) => {
        const target = { label: address, node: directory.owner(address), name: undefined, address };
        const asks = [name, 'host'].filter((node) => {
          const known = directory.node(node);
          return known && hasFamily(known, address);
        });
        return asks.map((node) => makeCheck(node, target, { protocol: 'dns' }));
      }),
    );
}

function siteFlows(plan: Settled, directory: Directory): readonly CheckPlan[] {
  const { site } = plan;
  const gateway = directory.node('gateway');
  return [
    ...flows(directory, { from: 'host', to: ['gateway', 'internet', site.peers[0]?.name], over: ICMP }),
    ...flows(directory, { from: 'gateway', to: ['internet'], over: ICMP }),
    // A target that does not answer is no uplink that is down.
    ...(gateway ? secondAddress(plan, gateway) : []),
  ];
}

/** Each declared check with the host as the sender: does it fail in the same way? */
function inTheContainersPlace({ checks, containers }: Settled, directory: Directory): readonly CheckPlan[] {
  const names = new Set(containers.map(({ name }) => name));
  const host = directory.node('host');
  return checks
    .filter(
      ({ from, to, over }) =>
        names.has(from) && !names.has(to.node ?? '') && over.protocol !== 'arp' && !isToMany(over),
    )
    .filter(({ to }) => host && hasFamily(host, to.address))
    .map(({ to, over }) => makeCheck('host', to, over));
}

/** One sibling in each other subnet and network, so that every boundary is crossed once. */
function siblings(container: PlannedNode, nodes: readonly PlannedNode[]): readonly string[] {
  const places = new Map<string, string>();
  for (const { name, addresses } of nodes) {
    if (name === container.name) continue;
    for (const { subnet, network } of addresses)
      places.set(`${network?.name} ${subnet}`, places.get(`${network?.name} ${subnet}`) ?? name);
  }
  return [...new Set(places.values())];
}

function secondAddress({ site }: Settled, from: PlannedNode): readonly CheckPlan[] {
  const second = ([4, 6] as const).flatMap(
    (family) => site.internet.addresses.filter((address) => familyOf(address) === family)[1] ?? [],
  );
  return second
    .filter((address) => hasFamily(from, address))
    .map((address) => makeCheck(from.name, { label: address, node: 'internet', name: undefined, address }, ICMP));
}

interface Wanted {
  /** Absent when the site has no such node. */
  readonly from: string | undefined;
  readonly to: readonly (string | undefined)[];
  readonly over: Over;
}

/** Flows to nodes, one in each family both ends have. */
function flows(directory: Directory, { from, to, over }: Wanted): readonly CheckPlan[] {
  const sender = from === undefined ? undefined : directory.node(from);
  if (!sender) return [];
  return to
    .filter((label) => label !== undefined)
    .flatMap((label) => inEachFamily(directory, sender, label))
    .map((target) => makeCheck(sender.name, target, over));
}

/** The target by its name, and in the other family by its address, so that ids stay apart. */
function inEachFamily(directory: Directory, from: PlannedNode, label: string): readonly Target[] {
  const main = directory.target(from, label);
  if (!main || !hasFamily(from, main.address)) return [];
  const other = directory
    .node(label)
    ?.addresses.find(({ address }) => familyOf(address) !== familyOf(main.address) && hasFamily(from, address));
  return other ? [main, { ...main, label: other.address, address: other.address }] : [main];
}
