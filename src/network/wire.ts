import { contains } from '../ip.js';

/** What a switch, a hypervisor or a cloud's network drops between the host and the others. */
export interface WireFilter {
  /** `out`: from the host's parent to the others; `in`: to it. */
  readonly way: 'out' | 'in' | 'both';
  /** The host's link that leads there. */
  readonly parent: string;
  /** Only packets from or to this subnet or address; absent: whatever passes. */
  readonly subnet?: string;
  /** Only frames from or to this MAC address. */
  readonly mac?: string;
  /** Only what goes to this node on the LAN, or comes from it. */
  readonly neighbour?: string;
  /** Whether ARP and neighbour discovery are lost as well. */
  readonly arp: boolean;
}

/** A packet on the wire, as a filter there sees it. */
export interface OnWire {
  readonly way: 'out' | 'in';
  readonly parent: string;
  /** Address of the host's or container's end. */
  readonly address: string;
  /** MAC address of that end; absent where it is not known. */
  readonly mac: string | undefined;
  /** The node at the other end of the wire. */
  readonly neighbour: string;
}

/** The first filter that drops a packet. */
export function droppedOnWire(filters: readonly WireFilter[], packet: OnWire): WireFilter | undefined {
  return filters.find(
    ({ way, parent, subnet, mac, neighbour }) =>
      (way === 'both' || way === packet.way) &&
      parent === packet.parent &&
      (subnet === undefined || contains(subnet, packet.address)) &&
      (mac === undefined || mac === packet.mac) &&
      (neighbour === undefined || neighbour === packet.neighbour),
  );
}
