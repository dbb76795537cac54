import type { ContainerFact, NetworkFact, NodeFact } from '../../evidence/facts.js';
import { bare, contains, familyOf, isAddress } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import type { CheckPlan, Over, Target } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';

/** What the user, or the configuration, wants to be asked. */
export interface Wishes {
  /** In the user's words: a container, an address, a name, each perhaps with a port. Empty for the usual ones. */
  readonly targets: readonly string[];
  /** Public addresses, at least two of a family before anything is called unreachable. */
  readonly addresses: readonly string[];
  /** A public name, to be looked up. */
  readonly name: string;
  /** What names resolve to, as far as it is known. */
  readonly resolved: Readonly<Record<string, readonly string[]>>;
}

/** Who is asked about. */
export interface Asking {
  readonly container: ContainerFact;
  readonly networks: readonly NetworkFact[];
  readonly nodes: readonly NodeFact[];
}

export interface Questions {
  readonly checks: readonly CheckPlan[];
  readonly comparisons: readonly CheckPlan[];
}

const ICMP: Over = { protocol: 'icmp' };
const DNS: Over = { protocol: 'dns' };
const HTTPS: Over = { protocol: 'tcp', port: 443 };

/** Siblings beyond these tell nothing new. */
const MOST_SIBLINGS = 4;

/**
 * What to ask about a container: the targets the user named, else siblings, gateway, peers, the internet by address and by
 * name; and beside these the same from the host and from a sibling, so that causes can compare.
 */
export function questionsOf(asking: Asking, wishes: Wishes): Questions {
  const usual = usualChecks(asking, wishes);
  const named = wishes.targets.flatMap((text) => namedChecks(asking, text, wishes));
  const checks = distinct(named.length > 0 ? named : usual.filter(({ to }) => !isLocalOnly(asking, to)));
  const comparisons = distinct([
    ...(named.length > 0 ? usual : usual.filter(({ to }) => isLocalOnly(asking, to))),
    ...fromOthers(asking, [...checks, ...usual]),
    ...betweenHostAndContainer(asking),
  ]);
  const asked = new Set(checks.map(({ id }) => id));
  return { checks, comparisons: comparisons.filter(({ id, from, to }) => !asked.has(id) && from !== to.node) };
}

/** The internet has no route to a container's private IPv6 address, and IPv6 is not translated: worth comparing, not judging. */
function isLocalOnly({ container, nodes }: Asking, { node, address }: Target): boolean {
  const own = addressesOf(container).filter((one) => familyOf(one) === 6);
  const isPublic = nodes.find(({ name }) => name === node)?.kind === 'internet';
  return familyOf(address) === 6 && isPublic && own.every((one) => contains('fc00::/7', one));
}

function usualChecks(asking: Asking, { addresses, name }: Wishes): readonly CheckPlan[] {
  const { container, nodes } = asking;
  const from = container.name;
  const near = nodes.filter(({ kind }) => kind === 'container').slice(0, MOST_SIBLINGS + 1);
  const siblings = near.filter((node) => node.name !== from && sharesNetwork(asking, node));
  const inside = siblings.flatMap((node) => towards(asking, node));
  if (!leadsOut(asking)) return inside.map((to) => makeCheck(from, to, ICMP));
  const outside = nodes.filter(({ kind }) => kind === 'gateway' || kind === 'peer');
  const internet = addresses.filter((address) => hasFamily(asking, address)).map((one) => publicTarget(asking, one));
  const [main] = internet;
  return [
    ...[...inside, ...outside.flatMap((node) => towards(asking, node))].map((to) => makeCheck(from, to, ICMP)),
    ...[ICMP, HTTPS, DNS].flatMap((over) => internet.map((to) => makeCheck(from, to, over))),
    ...(main ? [makeCheck(from, { ...main, label: name, name }, DNS)] : []),
  ];
}

function namedChecks(asking: Asking, text: string, wishes: Wishes): readonly CheckPlan[] {
  const { host, port } = parseTarget(text);
  const { name: from } = asking.container;
  const targets = targetsNamed(asking, host, wishes);
  const overs: readonly Over[] = port === undefined ? [ICMP] : [ICMP, { protocol: 'tcp', port }];
  if (targets.length > 0) return targets.flatMap((to) => overs.map((over) => makeCheck(from, to, over)));
  // What the name resolves to is not known. The check then shows that it does not resolve; the address only sets the family.
  const [address] = wishes.addresses;
  return address === undefined ? [] : [makeCheck(from, { label: host, node: undefined, name: host, address }, DNS)];
}

/** `google.com`, `google.com:443`, `192.168.0.1:22`, `[fd00::1]:22`, `fd00::1`. */
export function parseTarget(text: string): { readonly host: string; readonly port: number | undefined } {
  if (isAddress(text)) return { host: text, port: undefined };
  const [, host = text, port] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  return { host, port: port === undefined ? undefined : Number(port) };
}

function targetsNamed(asking: Asking, host: string, { resolved }: Wishes): readonly Target[] {
  const node = asking.nodes.find(({ name }) => name === host);
  if (node) return towards(asking, node);
  const { nodes } = asking;
  const owner = (address: string) => nodes.find(({ addresses }) => addresses.includes(bare(address)))?.name;
  if (isAddress(host)) return [{ label: host, node: owner(host), name: undefined, address: bare(host) }];
  const answers = (resolved[host] ?? []).filter((address) => hasFamily(asking, address));
  const [first] = answers;
  return first === undefined ? [] : [{ label: host, node: owner(first), name: host, address: first }];
}

/** A node in each family both have; the second by its address, so that ids stay apart. On a network both share where there is one. */
function towards(asking: Asking, node: NodeFact): readonly Target[] {
  const subnets = asking.networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  const best = ([4, 6] as const).flatMap((family) => {
    const all = node.addresses.filter((one) => familyOf(one) === family && hasFamily(asking, one));
    return all.find((one) => subnets.some((subnet) => contains(subnet, one))) ?? all[0] ?? [];
  });
  return best.map((address, at) => ({
    label: at === 0 ? node.name : address,
    node: node.name,
    name: undefined,
    address,
  }));
}

function publicTarget({ nodes }: Asking, address: string): Target {
  const node = nodes.find(({ kind }) => kind === 'internet');
  return { label: address, node: node?.name, name: undefined, address };
}

/** The same as the container asks, from the host and from one sibling: which of them are affected too? */
function fromOthers(asking: Asking, checks: readonly CheckPlan[]): readonly CheckPlan[] {
  const { nodes, container } = asking;
  const host = nodes.find(({ kind }) => kind === 'host');
  const sibling = nodes.find(
    (node) => node.kind === 'container' && node.name !== container.name && sharesNetwork(asking, node),
  );
  const outward = checks.filter(({ to }) => nodes.find(({ name }) => name === to.node)?.kind !== 'container');
  return [
    ...(host ? outward.map(({ to, over }) => makeCheck(host.name, to, over)) : []),
    ...(sibling
      ? outward
          .filter(({ to, over }) => over.protocol === 'icmp' && hasFamilyOf(sibling, to.address))
          .map(({ to, over }) => makeCheck(sibling.name, to, over))
      : []),
  ];
}

/** Host and container to each other where the driver lets them: a child of L2 or macvlan never reaches its parent's host. */
function betweenHostAndContainer(asking: Asking): readonly CheckPlan[] {
  const host = asking.nodes.find(({ kind }) => kind === 'host');
  const own = asking.nodes.find(({ name }) => name === asking.container.name);
  if (!host || !own || !asking.networks.some(reachesHost)) return [];
  const outbound = towards(asking, host).map((to) => makeCheck(own.name, to, ICMP));
  const inbound = own.addresses
    .filter((address) => hasFamilyOf(host, address))
    .map((address, at) =>
      makeCheck(host.name, { label: at === 0 ? own.name : address, node: own.name, name: undefined, address }, ICMP),
    );
  return [...outbound, ...inbound];
}

/** Whether containers on a network reach the host that they run on. */
export function reachesHost(network: Pick<NetworkFact, 'driver' | 'mode'>): boolean {
  return network.driver === 'bridge' || isLayer3(network);
}

/** Whether any of its networks leads out of the host. */
function leadsOut({ container, networks }: Asking): boolean {
  return networks.some(
    ({ name, internal, parent }) =>
      !internal && parent !== undefined && container.attachments.some(({ network }) => network === name),
  );
}

function sharesNetwork({ networks }: Asking, { addresses }: NodeFact): boolean {
  return networks.some(({ subnets }) =>
    addresses.some((address) => subnets.some(({ subnet }) => contains(subnet, address))),
  );
}

function addressesOf({ attachments }: ContainerFact): readonly string[] {
  return attachments.flatMap(({ addresses }) => addresses.map(bare));
}

/** One that does not run has no address, but its networks say which families it would have. */
function hasFamily({ container, networks }: Asking, address: string): boolean {
  const own = addressesOf(container);
  const could = own.length > 0 ? own : networks.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet));
  return could.some((one) => familyOf(one) === familyOf(address));
}

function hasFamilyOf({ addresses }: NodeFact, address: string): boolean {
  return addresses.some((own) => familyOf(own) === familyOf(address));
}

/** Each check once, by its id. */
export function distinct(checks: readonly CheckPlan[]): readonly CheckPlan[] {
  return [...new Map(checks.map((check) => [check.id, check])).values()];
}
