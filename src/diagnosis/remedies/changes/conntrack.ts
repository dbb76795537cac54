import type { Facts } from '../../../evidence/facts.js';
import { applied, type Applied } from '../applied.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Deletes the tracked connections that a subnet began, so that rules of today decide about them again. There is no undo. */
export interface ConntrackChange {
  readonly kind: 'conntrack';
  readonly on: string;
  readonly source: string;
}

export function renderConntrack({ on: node, source }: ConntrackChange): readonly Command[] {
  return [on(node, sh`conntrack -D -s ${source} >/dev/null 2>&1 || true`)];
}

/** Connections that are tracked are no part of the state: what is predicted begins with the first packet. */
export function applyConntrack(facts: Partial<Facts>): Applied {
  return applied(facts);
}
