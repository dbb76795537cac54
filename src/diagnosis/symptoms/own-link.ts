import type { Link, PerNode } from '../../evidence/facts.js';
import type { Flow } from '../flow.js';
import { linkHolding } from '../reading.js';

/** The container's own end of a flow: the link that holds its address, as the kernel has it now. */
export function ownLink(
  { container, containerAddress = '' }: Flow,
  links: PerNode<readonly Link[]> | undefined,
): Link | undefined {
  return linkHolding(links?.[container?.name ?? ''], containerAddress);
}
