import type { Facts, Link } from '../../evidence/facts.js';
import { factOf, onNode } from './on-node.js';

/** A link of a node. */
export interface LinkAt {
  readonly node: string;
  readonly device: string;
}

/** Changes one link of a node. */
export function onLink(facts: Partial<Facts>, { node, device }: LinkAt, to: (was: Link) => Link): Partial<Facts> {
  return onNode(facts, ['links', node], (links) => links.map((link) => (link.name === device ? to(link) : link)));
}

export function linkAt(facts: Partial<Facts>, { node, device }: LinkAt): Link | undefined {
  return factOf(facts, 'links', node)?.find(({ name }) => name === device);
}
