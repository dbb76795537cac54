import type { Link } from '../../evidence/facts.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';

/** The container's own end of a flow: the link that holds its address, as the kernel has it now. */
export function ownLink({ container, containerAddress = '' }: Flow, { addresses }: NetworkState): Link | undefined {
  return addresses.linkWith(container?.name, containerAddress);
}
