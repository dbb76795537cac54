import type { Link, PerNode } from '../evidence/facts.js';
import { bare, sameAddress } from '../ip.js';
import type { Flow } from './flow.js';

/** The container's own end of a flow: the link that holds its address, as the kernel has it now. */
export function ownLink(
  { container, containerAddress = '' }: Flow,
  links: PerNode<readonly Link[]> | undefined,
): Link | undefined {
  return links?.[container?.name ?? '']?.find(({ addresses }) =>
    addresses.some((own) => sameAddress(bare(own), containerAddress)),
  );
}
