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
