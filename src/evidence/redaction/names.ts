import { isAddress } from '../../ip.js';
import type { Evidence } from '../evidence.js';
import type { Firewall } from '../facts.js';

/** What kind of thing a token replaces. */
export type Kind = 'container' | 'peer' | 'network' | 'name' | 'user' | 'ssid' | FilterKind;

/** What a packet filter consists of and an administrator names. */
export type FilterKind = 'table' | 'chain' | 'set';

/** Names of nodes that say only which part they play. */
export const PARTS = new Set(['host', 'gateway', 'internet', 'switch', 'docker']);

/** Parts of every packet filter. */
const USUAL_TABLES =
  /^(?:filter|nat|mangle|raw|security|firewalld|broute|docker-bridges|libvirt_network|main|local|default)$/;
/** Words of rules: a chain, set or interface of such a name is found by its place only. */
export const RULE_WORDS = new Set(
  [
    'ip ip6 inet arp ether tcp udp icmp icmpv6 sctp esp ah gre igmp ospf vrrp dccp udplite comp all any ct state status mark meta counter packets bytes quota limit rate',
    'over burst second minute hour day log prefix level group flags type code saddr daddr sport dport th iif oif iifname',
    'oifname skuid skgid cgroup fib rt socket set map vmap elements add delete update jump goto return accept drop reject',
    'continue queue masquerade snat dnat redirect to random new established related invalid untracked comment with reset dev',
    'src dst match counters handle table chain rule in out input output forward prerouting postrouting ingress egress host',
  ].flatMap((words) => words.split(' ')),
);

/** Words of which Docker, firewalld, ufw, libvirt and others make the names of their chains. */
const CHAIN_WORDS = new Set(
  [
    'input output forward prerouting postrouting ingress egress in out fwd fwi fwo fwx inp prt pre post filter nat raw mangle',
    'docker user isolation stage bridge ct internal ufw ufw6 before after logging log reject track skip to policy not local',
    'limit deny allow accept drop zones policies zone ivs public home work external dmz trusted block libvirt cni kube cali',
    'services nodeports firewall mark masq proxy canary hostport dn netavark wg tailscale ts f2b fail2ban sshd security direct',
  ].flatMap((words) => words.split(' ')),
);

/** What begins a chain of a tool, which stays, before what its administrator named. */
const TOOL_PREFIX = /^(?:ufw6?-user-|ufw6?-|filter_(?:IN|OUT|FWD)_(?:policy_)?|nat_(?:PRE|POST)_(?:policy_)?|f2b-)/;
/** What firewalld ends the name of a part of a chain with. */
const TOOL_SUFFIX = /_(?:pre|log|deny|allow|post)$/;

/** Whether a chain's name tells nothing about its owner. */
function isUsualChain(name: string): boolean {
  return name.split(/[-_]+/).every((word) => CHAIN_WORDS.has(word.toLowerCase()) || /^\d*$/.test(word));
}

/** What an administrator named in the name of a chain. */
function ownPart(chain: string): { readonly before: string; readonly own: string; readonly after: string } {
  const [before = ''] = TOOL_PREFIX.exec(chain) ?? [];
  const [after = ''] = (before.includes('_') && TOOL_SUFFIX.exec(chain)) || [];
  const own = chain.slice(before.length, chain.length - after.length);
  return own ? { before, own, after } : { before: '', own: chain, after: '' };
}

/** The name of a chain with another word for what an administrator named in it; what tells its tool stays. */
export function renameChain(chain: string, rename: (own: string) => string): string {
  if (isUsualChain(chain)) return chain;
  const { before, own, after } = ownPart(chain);
  return `${before}${rename(own)}${after}`;
}

/** Every name in some evidence that could tell who it is from, and the token that replaces it. */
export interface RedactedNames {
  /** Tokens by name, for names that may occur in any text. */
  readonly anywhere: ReadonlyMap<string, Token>;
  /** Tokens of what only means something within a packet filter. */
  readonly inFilters: Readonly<Record<FilterKind, ReadonlyMap<string, Token>>>;
}

export interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** Numbers names by kind, in their order: what was sorted by name still is. */
export function namesIn(evidence: readonly Evidence[], others: Iterable<readonly [Kind, string]> = []): RedactedNames {
  const found = new Map<Kind, Set<string>>();
  const add = (kind: Kind, name: string) => found.set(kind, (found.get(kind) ?? new Set()).add(name));
  for (const [kind, name] of [...evidence.flatMap((one) => [...everywhere(one), ...filters(one)]), ...others])
    add(kind, name);
  const tokens = (kind: Kind) => numbered(kind, [...(found.get(kind) ?? [])]);
  const anywhere = (['container', 'peer', 'network', 'name', 'user', 'ssid'] as const).flatMap(tokens).reverse();
  const inFilters = {
    table: new Map(tokens('table')),
    chain: chainTokens(found.get('chain')),
    set: new Map(tokens('set')),
  };
  return { anywhere: new Map(anywhere), inFilters };
}

/** Parts of one chain in firewalld share what its administrator named. */
function chainTokens(chains: Iterable<string> = []): ReadonlyMap<string, Token> {
  const own = new Map(numbered('chain', [...new Set([...chains].map((chain) => ownPart(chain).own))]));
  const text = (chain: string) => renameChain(chain, (part) => own.get(part)?.text ?? part);
  return new Map([...chains].map((chain) => [chain, { kind: 'chain', text: text(chain) }]));
}

function* everywhere(evidence: Evidence): Generator<readonly [Kind, string]> {
  yield* inFacts(evidence);
  yield* inTargets(evidence);
}

function* inFacts({
  facts: { nodes = [], containers = [], networks = [] },
}: Evidence): Generator<readonly [Kind, string]> {
  for (const { name, kind } of nodes) if (!PARTS.has(name)) yield [kind === 'container' ? 'container' : 'peer', name];
  for (const { name } of containers) if (!PARTS.has(name)) yield ['container', name];
  for (const { name } of networks) if (!isUsualNetwork(name)) yield ['network', name];
}

function* inTargets({ facts, probes }: Evidence): Generator<readonly [Kind, string]> {
  const nodes = new Set((facts.nodes ?? []).map(({ name }) => name));
  for (const { to } of probes) {
    if (to.name !== undefined) yield ['name', to.name];
    if (!nodes.has(to.label) && !PARTS.has(to.label) && !isAddress(to.label)) yield ['name', to.label];
  }
}

function isUsualNetwork(name: string): boolean {
  return ['bridge', 'host', 'none'].includes(name);
}

function* filters({ facts }: Evidence): Generator<readonly [Kind, string]> {
  for (const { chains, rules, sets } of Object.values<Firewall>(facts.firewall ?? {})) {
    for (const { table, chain } of [...chains, ...rules]) {
      if (!USUAL_TABLES.test(table)) yield ['table', table];
      if (!isUsualChain(chain)) yield ['chain', chain];
    }
    for (const { table, name } of sets ?? []) {
      if (!USUAL_TABLES.test(table)) yield ['table', table];
      yield ['set', name];
    }
  }
}

function numbered(kind: Kind, names: readonly string[]): (readonly [string, Token])[] {
  const width = String(names.length).length;
  return [...names].sort().map((name, index) => {
    const text = `${kind}-${String(index + 1).padStart(width, '0')}`;
    return [name, { kind, text: kind === 'name' && name.includes('.') ? `${text}.example` : text }];
  });
}
