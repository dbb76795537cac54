/**
 * MAC addresses that nodes have learned, as observed. It is all that a walk takes of observations: of several holders of an
 * address, the one whose MAC address the sender has learned gets the packets. A prediction without it takes the first holder.
 */
export interface ArpEntries {
  macOf(node: string, address: string): string | undefined;
}
