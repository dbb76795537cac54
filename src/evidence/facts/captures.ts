/** The packets at one vantage point. Other people's traffic is filtered out before anything is kept. */
export interface Capture {
  readonly node: string;
  readonly device: string;
  /** Whether the positive control (a packet we know was sent) was seen: without it, an absent packet shows nothing. */
  readonly control: 'seen' | 'not seen' | 'none sent';
  readonly packets: readonly Packet[];
  /** Capture file within the report directory; `undefined` when none was kept. */
  readonly file: string | undefined;
}

export interface Packet {
  /** Milliseconds since the capture began. */
  readonly atMs: number;
  /** Seen from the node: `out` left it through the device, `in` arrived. */
  readonly direction: 'in' | 'out';
  readonly sourceMac: string;
  readonly targetMac: string;
  /** VLAN tag on the frame; `undefined` when untagged. */
  readonly vlan: number | undefined;
  readonly content: PacketContent;
}

export type PacketContent =
  | {
      readonly kind: 'arp';
      readonly operation: 'request' | 'reply';
      readonly sender: string;
      readonly target: string;
      readonly senderMac: string;
    }
  | {
      /** IPv6 neighbour solicitation or advertisement. */
      readonly kind: 'nd';
      readonly operation: 'request' | 'reply';
      readonly sender: string;
      readonly target: string;
    }
  | {
      readonly kind: 'icmp';
      readonly source: string;
      readonly destination: string;
      /** `router-advertisement`: since 1.6.0, before that `other`. */
      readonly type:
        'echo-request' | 'echo-reply' | 'unreachable' | 'redirect' | 'time-exceeded' | 'router-advertisement' | 'other';
      /** ICMP code, such as 4 for fragmentation needed. */
      readonly code: number;
      /** Echo identifier and sequence; for errors, those of the packet complained about when it was an echo. */
      readonly id: number | undefined;
      readonly sequence: number | undefined;
      readonly ttl: number;
      /** The packet an error or redirect is about. Absent for others, where it is cut short, and in evidence of older versions. */
      readonly about?: QuotedPacket;
      /** Bytes the next link carries, of "fragmentation needed" and "packet too big". Absent where the router does not say it. */
      readonly mtu?: number;
      /** The next hop that a redirect names. */
      readonly via?: string;
    }
  | {
      readonly kind: 'tcp' | 'udp';
      readonly source: string;
      readonly destination: string;
      readonly sourcePort: number;
      readonly destinationPort: number;
      /** `S`, `SA`, `A`, `R`, `F`, … ; empty for UDP. */
      readonly flags: string;
      readonly ttl: number;
      /** Absent for UDP, and in evidence of older versions. */
      readonly segment?: TcpSegment;
    }
  | { readonly kind: 'ip'; readonly source: string; readonly destination: string; readonly protocol: number }
  | { readonly kind: 'other'; readonly etherType: number };

/** The packet that an ICMP error or redirect is about, as far as it is quoted. */
export interface QuotedPacket {
  readonly source: string;
  readonly destination: string;
  /** IP protocol number: 1 and 58 ICMP, 6 TCP, 17 UDP. */
  readonly protocol: number;
  /** Of TCP and UDP; the identifier of an echo is the message's own `id`. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** What a TCP segment carries. */
export interface TcpSegment {
  readonly sequence: number;
  /** The sequence number it expects next. Means nothing without the flag `A`. */
  readonly acknowledges: number;
  readonly dataBytes: number;
}
