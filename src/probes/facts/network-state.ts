import type { Reading } from './fact-probe.js';

/**
 * Links, routes, rules and neighbours come from three runs of `ip` instead of seven, because starting programs is what a look
 * costs. A batch prints one JSON document a line. It takes no options on a line, so each family needs a run; without
 * `root`, IPv6 routes would come between.
 */
export const STATE: Reading = {
  name: 'state',
  command: `printf 'address show\\nroute show table all root 0.0.0.0/0\\nrule show\\n' | ip -json -details -statistics -batch -`,
  when: 'before',
};

/** IPv6 routes and rules. */
export const STATE6: Reading = {
  name: 'state6',
  command: `printf 'route show table all\\nrule show\\n' | ip -6 -json -details -batch -`,
  when: 'during',
};

/** Links and neighbours, as the probes left them. */
export const STATE_AFTER: Reading = {
  name: 'state-after',
  command: `printf 'link show\\nneighbour show\\n' | ip -json -statistics -batch -`,
  when: 'after',
};

/** One document of a batch by its place; `[]` where `ip` printed nothing, as it does for an empty table. */
export function documentOf(batch: string, place: number): string {
  return batch.split('\n')[place]?.trim() ?? '';
}
