import { pathsOf } from '../../src/path/trace.js';
import type { Situation } from '../diagnosis/situation.js';

/** Where a way ends, and what model and measurement make of it. */
export function endOf(situation: Situation, id: string): readonly unknown[] {
  const path = pathsOf(situation).find((one) => one.id === id);
  return [path?.end?.direction, path?.end?.hop, path?.end?.node, path?.agreement];
}

/** Nodes on the way there, each once. */
export function nodesOf(situation: Situation, id: string): readonly string[] {
  const path = pathsOf(situation).find((one) => one.id === id);
  return [...new Set(path?.forward.map(({ node }) => node))];
}
