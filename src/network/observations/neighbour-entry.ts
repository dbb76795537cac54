import type { Neighbour } from '../../evidence/facts.js';

/** States of a neighbour entry that the kernel got no reply for. */
const UNANSWERED = /FAILED|INCOMPLETE/;

/** Whether a node asked for an address and got no reply; not where it has no entry. */
export function isUnansweredEntry(entry: Neighbour | undefined): boolean {
  return UNANSWERED.test(entry?.state ?? '');
}

/** Whether a node knows the MAC address behind an address, right or wrong. */
export function isLearnedEntry(entry: Neighbour | undefined): entry is Neighbour & { readonly mac: string } {
  return entry?.mac !== undefined && !isUnansweredEntry(entry);
}
