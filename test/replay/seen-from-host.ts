import type { Evidence } from '../../src/evidence/evidence.js';
import type { Facts, NodeFact } from '../../src/evidence/facts.js';

const UNSEEN: ReadonlySet<NodeFact['kind']> = new Set(['gateway', 'peer', 'internet', 'switch']);
const UNKNOWN: ReadonlySet<NodeFact['kind']> = new Set(['peer', 'switch']);

/**
 * A recorded run as the user's own Docker host shows it: no fact of the router, the switch, LAN clients or the internet, and no
 * probe that starts there.
 */
export function seenFromHost(evidence: Evidence): Evidence {
  const nodes = evidence.facts.nodes ?? [];
  const unseen = new Set(nodes.filter(({ kind }) => UNSEEN.has(kind)).map(({ name }) => name));
  const unknown = new Set(nodes.filter(({ kind }) => UNKNOWN.has(kind)).map(({ name }) => name));
  const facts = Object.fromEntries(
    Object.entries(evidence.facts).map(([fact, value]) => [fact, without(value, unseen)]),
  ) as Partial<Facts>;
  return {
    ...evidence,
    origin: 'synthetic',
    facts: { ...facts, nodes: nodes.filter(({ name }) => !unknown.has(name)) },
    probes: evidence.probes.filter(({ from, to }) => !unseen.has(from) && !unknown.has(to.node ?? '')),
  };
}

/** A fact without what was looked at on some nodes: facts are by node, or a list of what names its node. */
function without(value: unknown, unseen: ReadonlySet<string>): unknown {
  if (Array.isArray(value))
    return value.filter((one: { readonly node?: string }) => one.node === undefined || !unseen.has(one.node));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([node]) => !unseen.has(node)));
}
