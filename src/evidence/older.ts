import type { NodeKind } from '../scenario/plan.js';
import type { Evidence } from './evidence.js';
import type { NodeFact } from './facts.js';

/** Nodes of the simulated site that a port of its switch leads to. The internet is behind the gateway. */
const ON_SWITCH: readonly NodeKind[] = ['host', 'gateway', 'peer'];

/**
 * Completes evidence of an older version, so that later stages read one format. Before 1.5, a switch did not say where its
 * ports lead: the simulated site calls the port that leads to a node `p-NODE`.
 */
export function completed(evidence: Evidence): Evidence {
  const { nodes } = evidence.facts;
  if (!nodes?.some(lacksPorts)) return evidence;
  const ports = nodes
    .filter(({ kind }) => ON_SWITCH.includes(kind))
    .map(({ name }) => ({ node: name, device: `p-${name}` }));
  const withPorts = nodes.map((node) => (lacksPorts(node) ? { ...node, ports } : node));
  return { ...evidence, facts: { ...evidence.facts, nodes: withPorts } };
}

function lacksPorts({ kind, ports }: NodeFact): boolean {
  return kind === 'switch' && ports === undefined;
}
