import type { Facts, PerNode } from '../../evidence/facts.js';

/** Facts that are kept for each node. */
type NodeFactName = {
  [Name in keyof Facts]: Facts[Name] extends PerNode<unknown> ? Name : never;
}[keyof Facts];

/** One node's part of a fact; `undefined` where it was not seen. */
export function factOf<Name extends NodeFactName>(
  facts: Partial<Facts>,
  name: Name,
  node: string,
): Facts[Name][string] | undefined {
  return (facts[name] as PerNode<Facts[Name][string]> | undefined)?.[node];
}

/** The facts with one node's part of a fact changed; as they are where that was not seen, which stays unknown. */
export function onNode<Name extends NodeFactName>(
  facts: Partial<Facts>,
  [name, node]: readonly [Name, string],
  to: (was: Facts[Name][string]) => Facts[Name][string],
): Partial<Facts> {
  const was = factOf(facts, name, node);
  return was === undefined ? facts : { ...facts, [name]: { ...facts[name], [node]: to(was) } };
}
