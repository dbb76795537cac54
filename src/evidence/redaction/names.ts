import { isAddress } from '../../ip.js';
import type { Evidence } from '../evidence.js';
import type { Firewall } from '../facts.js';

/** What kind of thing a token stands for. */
export type Kind = 'container' | 'peer' | 'network' | 'name' | 'table' | 'chain' | 'set';

/** Names of nodes that say only which part they play. */
const PARTS = new Set(['host', 'gateway', 'internet', 'switch', 'docker']);

/** What everybody's packet filter is made of. */
const USUAL_TABLES =
  /^(?:filter|nat|mangle|raw|security|firewalld|broute|docker-bridges|libvirt_network|main|local|default)$/;
const USUAL_CHAINS =
  /^(?:[A-Z]+|input|output|forward|prerouting|postrouting|ingress|egress|(?:DOCKER|LIBVIRT|KUBE|ISOLATION|CNI|NETAVARK)[-_\w]*|(?:ufw6?|f2b|cali|cilium|nft|fw)-[-\w]*|(?:filter|nat|mangle|raw)_[A-Z_]+)$/;

/** Every name in some evidence that could tell who it is from, and the token that stands for it. */
export interface Names {
  /** Tokens by name, of what may stand in any text. */
  readonly anywhere: ReadonlyMap<string, Token>;
  /** Tokens of what only means something within a packet filter. */
  readonly inFilters: Readonly<Record<'table' | 'chain' | 'set', ReadonlyMap<string, Token>>>;
}

export interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** Numbers names by kind, in their order: what was sorted by name still is. */
export function namesIn(evidence: readonly Evidence[], others: Iterable<readonly [Kind, string]> = []): Names {
  const found = new Map<Kind, Set<string>>();
  const add = (kind: Kind, name: string) => found.set(kind, (found.get(kind) ?? new Set()).add(name));
  for (const [kind, name] of [...evidence.flatMap((one) => [...everywhere(one), ...filters(one)]), ...others])
    add(kind, name);
  const tokens = (kind: Kind) => numbered(kind, [...(found.get(kind) ?? [])]);
  const anywhere = (['container', 'peer', 'network', 'name'] as const).flatMap(tokens).reverse();
  const inFilters = { table: new Map(tokens('table')), chain: new Map(tokens('chain')), set: new Map(tokens('set')) };
  return { anywhere: new Map(anywhere), inFilters };
}

function* everywhere({ facts, probes }: Evidence): Generator<readonly [Kind, string]> {
  for (const { name, kind } of facts.nodes ?? [])
    if (!PARTS.has(name)) yield [kind === 'container' ? 'container' : 'peer', name];
  for (const { name } of facts.containers ?? []) if (!PARTS.has(name)) yield ['container', name];
  for (const { name } of facts.networks ?? []) if (!isUsualNetwork(name)) yield ['network', name];
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
      if (!USUAL_CHAINS.test(chain)) yield ['chain', chain];
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
