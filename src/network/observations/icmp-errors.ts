import type { Capture, Packet, QuotedPacket } from '../../evidence/facts.js';
import { familyOf, sameAddress } from '../../ip.js';
import type { Observations } from './observations.js';
import { perCapture } from './per-capture.js';

/** What an ICMP error complains of. `redirect` is no error: it names a better next hop. */
export const ICMP_COMPLAINTS = [
  'no-route',
  'host-unreachable',
  'port-unreachable',
  'prohibited',
  'too-big',
  'time-exceeded',
  'redirect',
  'other',
] as const;
export type IcmpComplaint = (typeof ICMP_COMPLAINTS)[number];

/** An ICMP error or redirect about packets of one flow, as one vantage point saw it. */
export interface IcmpError {
  /** Where it was captured. */
  readonly node: string;
  readonly device: string;
  readonly direction: Packet['direction'];
  /** Who sent it: the address and the MAC address it came from. */
  readonly sender: string;
  readonly senderMac: string;
  readonly complaint: IcmpComplaint;
  /** Which of the flow's packets it is about. */
  readonly part: 'request' | 'reply';
  /** Absent in evidence of older versions, and where the quote is cut short. */
  readonly about?: QuotedPacket;
  /** Of `too-big`, in bytes. Absent where the sender does not say it. */
  readonly mtu?: number;
  /** Of `redirect`: the next hop it names. */
  readonly via?: string;
}

/** How packets of a flow are known again: by the tag of its probe, or without one by the addresses of its ends. */
export interface MarkedFlow {
  readonly tag: number | undefined;
  readonly from: string;
  readonly to: string;
}

/** The ICMP errors and redirects that any vantage point saw about packets of a flow, each once. */
export function icmpErrorsAbout({ captures }: Observations, flow: MarkedFlow): readonly IcmpError[] {
  const all = captures.flatMap((capture) =>
    errorsIn(capture).flatMap((packet) => errorOf(capture, packet, flow) ?? []),
  );
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ about, ...error }: IcmpError): string {
  return JSON.stringify([error, about?.source, about?.destination]);
}

type IcmpPacket = Packet & { readonly content: Icmp };

/** Few of a capture's packets are errors, and every flow asks for its own. */
const errorsIn = perCapture(({ packets }): readonly IcmpPacket[] => packets.filter(isError));

function isError(packet: Packet): packet is IcmpPacket {
  return packet.content.kind === 'icmp' && !isEcho(packet.content);
}

function errorOf({ node, device }: Capture, packet: IcmpPacket, flow: MarkedFlow): IcmpError | undefined {
  const { content, direction, sourceMac } = packet;
  const part = partOf(content, flow);
  if (part === undefined) return undefined;
  const { source, about, mtu, via } = content;
  return {
    ...{ node, device, direction, sender: source, senderMac: sourceMac, complaint: complaintOf(content), part },
    ...(about ? { about } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    ...(via === undefined ? {} : { via }),
  };
}

type Icmp = Extract<Packet['content'], { kind: 'icmp' }>;

function isEcho({ type }: Icmp): boolean {
  return type === 'echo-request' || type === 'echo-reply' || type === 'other';
}

function partOf({ id, about }: Icmp, { tag, from, to }: MarkedFlow): IcmpError['part'] | undefined {
  const goes = (source: string, destination: string) =>
    about !== undefined && sameAddress(about.source, source) && sameAddress(about.destination, destination);
  if (tag === undefined) return goes(from, to) ? 'request' : goes(to, from) ? 'reply' : undefined;
  if (about?.sourcePort === tag) return 'request';
  if (about?.destinationPort === tag) return 'reply';
  if (id !== tag) return undefined;
  return about !== undefined && sameAddress(about.source, to) ? 'reply' : 'request';
}

/** By the numbers of RFC 792 and RFC 1812; those of RFC 4443 differ. */
const UNREACHABLE4: Readonly<Record<number, IcmpComplaint>> = {
  ...{
    0: 'no-route',
    6: 'no-route',
    11: 'no-route',
    1: 'host-unreachable',
    7: 'host-unreachable',
    12: 'host-unreachable',
  },
  ...{ 3: 'port-unreachable', 4: 'too-big', 9: 'prohibited', 10: 'prohibited', 13: 'prohibited' },
};
const UNREACHABLE6: Readonly<Record<number, IcmpComplaint>> = {
  ...{ 0: 'no-route', 3: 'host-unreachable', 4: 'port-unreachable', 1: 'prohibited', 5: 'prohibited', 6: 'prohibited' },
};

function complaintOf({ type, code, mtu, source }: Icmp): IcmpComplaint {
  if (type === 'redirect' || type === 'time-exceeded') return type;
  if (mtu !== undefined) return 'too-big';
  return (familyOf(source) === 6 ? UNREACHABLE6 : UNREACHABLE4)[code] ?? 'other';
}
