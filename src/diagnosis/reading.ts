import type { Link, NodeFact, PerNode, Route, Rule } from '../evidence/facts.js';
import { bare, sameAddress } from '../ip.js';
import type { Fib } from '../network/fib.js';

export function nodeOfKind(nodes: readonly NodeFact[], kind: NodeFact['kind']): NodeFact | undefined {
  return nodes.find((node) => node.kind === kind);
}

/** The Docker host's name among the nodes. */
export function hostName(nodes: readonly NodeFact[]): string {
  return nodeOfKind(nodes, 'host')?.name ?? 'host';
}

export function holds(node: NodeFact | undefined, address: string): boolean {
  return node?.addresses.some((own) => sameAddress(own, address)) ?? false;
}

/** Of some links, the one that holds an address. */
export function linkHolding(links: readonly Link[] | undefined, address: string): Link | undefined {
  return links?.find(({ addresses }) => addresses.some((own) => sameAddress(bare(own), address)));
}

/** The link of a node that holds an address; `eth0`, as Docker calls a container's first, where that was not seen. */
export function deviceOf(
  { links }: { readonly links: PerNode<readonly Link[]> },
  node: string,
  address: string,
): string {
  return linkHolding(links[node], address)?.name ?? 'eth0';
}

/** What a node routes by; `undefined` unless both its routes and its rules were seen. */
export function fibOf(node: string, view: RoutingFacts): Fib | undefined {
  const [routes, rules] = [view.routes[node], view.rules[node]];
  return routes && rules && { routes, rules };
}

export interface RoutingFacts {
  readonly routes: PerNode<readonly Route[]>;
  readonly rules: PerNode<readonly Rule[]>;
}

/** What a link can do now. */
export type LinkState = 'up' | 'down' | 'no-carrier';

/** @returns `undefined` when the link was not seen */
export function linkState(links: readonly Link[] | undefined, name: string | undefined): LinkState | undefined {
  const link = links?.find((candidate) => candidate.name === name);
  if (!link) return undefined;
  if (!link.adminUp) return 'down';
  return link.carrier && link.operState !== 'LOWERLAYERDOWN' && link.operState !== 'DOWN' ? 'up' : 'no-carrier';
}
