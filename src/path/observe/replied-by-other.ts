import type { ProbeResult } from '../../evidence/evidence.js';

/** Whether a probe got a reply, and its target, which was captured, no request. */
export function isRepliedByOther({ outcome }: Pick<ProbeResult, 'outcome'>): boolean {
  return outcome.kind === 'attempts' && outcome.failure === 'other-machine';
}
