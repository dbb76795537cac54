import type { Missing } from '../../evidence/evidence.js';
import type { Capture, Link, Packet, PerNode, Route } from '../../evidence/facts.js';
import { pcapFrames } from '../../evidence/pcap-file.js';
import { decodePcap } from '../../evidence/pcap.js';
import { messageOf } from '../../errors.js';
import { quote } from '../../shell.js';
import { controlOf } from './control.js';
import type { LookRequest } from '../look-request.js';
import type { Outputs } from '../outputs.js';
import { TAGS_PER_LOOK } from '../tags.js';

/** Bytes kept of each packet: headers, and what an ICMP error quotes. */
const SNAPSHOT_BYTES = 256;

/** Name of a capture's files within its node's directory. */
function captureName(device: string): string {
  return `capture-${device.replaceAll(/[^\w.-]/g, '_')}`;
}

/** The named pipe a capture speaks through, within its node's directory; the script of the look makes and removes it. */
export function capturePipe(device: string): string {
  return `${captureName(device)}.pipe`;
}

/** Most packets one capture keeps, beside those of the probes: ARP, neighbour discovery, and what carries our tags by chance. */
const MOST_OTHERS = 2000;
/** Most packets one capture keeps for each probe: a lookup, a connection and a ping with their replies are 30. */
const MOST_FOR_A_PROBE = 40;

/** Most packets one capture keeps. One that had to stop there says nothing about what came later. */
export function captureLimit({ probes }: LookRequest): number {
  return MOST_OTHERS + MOST_FOR_A_PROBE * probes.length;
}

/**
 * Shell lines that start a capture and return when it listens: tcpdump says so on its error output, or says why not, or has
 * ended without a word. That output is a pipe tcpdump itself can also read, so that what it says in the end breaks nothing
 * when the shell does not listen any more.
 */
export function startCapture(device: string, request: LookRequest): string[] {
  const name = captureName(device);
  const options = `-s ${SNAPSHOT_BYTES} -c ${captureLimit(request)} -U --immediate-mode -w ${name}.pcap`;
  const dump = `tcpdump -i ${quote(device)} ${options} ${quote(captureFilter(request))}`;
  return [
    `exec 7<>${capturePipe(device)}`,
    `( trap 'kill $T' TERM; ${dump} & T=$!; wait $T; wait $T; echo 'tcpdump ended' ) >&7 2>&1 & C="$C $!"`,
    'while read -r said <&7; do case $said in *[Ww][Aa][Rr][Nn][Ii][Nn][Gg]*) ;; *) break ;; esac; done',
    `echo "$said" >${name}.said; exec 7>&-`,
  ];
}

/**
 * Only what concerns the run's own addresses: never other people's traffic. Tagged frames count too. Where the addresses are
 * not ours alone, only what the probes' tags mark.
 */
export function captureFilter(request: LookRequest): string {
  const { nodes, probes } = request;
  const addresses = new Set([
    ...nodes.flatMap((node) => node.addresses),
    ...probes.flatMap(({ check }) => [
      check.to.address,
      ...(check.over.protocol === 'multicast' ? [check.over.group] : []),
    ]),
  ]);
  const hosts = [...addresses].map((address) => `host ${address}`).join(' or ');
  const some = hosts === '' ? [] : [request.shared ? `((${marked(request)}) and (${hosts}))` : hosts];
  const ours = ['arp', '(icmp6 and ip6[40] >= 133 and ip6[40] <= 137)', ...some].join(' or ');
  return `${ours} or (vlan and (${ours}))`;
}

/**
 * What carries a tag: echo requests and replies by their identifier, TCP and UDP by a port. ICMP errors quote a packet, and a
 * lookup by a node's own resolver is sent on by others, so neither can be recognized by a tag.
 */
function marked({ firstTag }: LookRequest): string {
  const last = firstTag + TAGS_PER_LOOK - 1;
  const between = (field: string) => `(${field} >= ${firstTag} and ${field} <= ${last})`;
  const echo = `(icmp and (icmp[0] = 0 or icmp[0] = 8) and ${between('icmp[4:2]')})`;
  const errors = '(icmp and icmp[0] != 0 and icmp[0] != 8)';
  const echo6 = `(icmp6 and (ip6[40] = 128 or ip6[40] = 129) and ${between('ip6[44:2]')})`;
  const errors6 = '(icmp6 and ip6[40] < 128)';
  return [echo, errors, echo6, errors6, `portrange ${firstTag}-${last}`, 'udp port 53'].join(' or ');
}

/** What else is known of the nodes, to tell directions and routes. */
interface Surroundings {
  readonly links: PerNode<readonly Link[]>;
  readonly routes: PerNode<readonly Route[]>;
}

/** What was captured, and what could not be. */
export function capturesOf(
  request: LookRequest,
  outputs: Outputs,
  { links, routes }: Surroundings,
): {
  readonly captures: readonly Capture[];
  readonly missing: readonly Missing[];
  readonly pcaps: ReadonlyMap<string, Buffer>;
} {
  const captures: Capture[] = [];
  const missing: Missing[] = [];
  const pcaps = new Map<string, Buffer>();
  for (const { node, device } of request.captures) {
    try {
      const pcap = captured(request, outputs, { node, device });
      const file = `${node}-${device}.pcap`.replaceAll(/[^\w.-]/g, '_');
      pcaps.set(file, pcap);
      const kept = [...pcapFrames(pcap)].length;
      if (kept >= captureLimit(request)) throw new Error(truncated(device, kept));
      const packets: readonly Packet[] = decodePcap(pcap, ownMacs(request.nodes, node, links));
      const control = controlOf({ node, device, packets }, request, routes[node] ?? []);
      captures.push({ node, device, control, packets, file });
    } catch (error) {
      missing.push({ fact: 'captures', node, reason: messageOf(error) });
    }
  }
  return { captures, missing, pcaps };
}

/** What is not in it may have come later: no cause may take that for "not sent". */
function truncated(device: string, packets: number): string {
  return `truncated: the capture on ${device} stopped after ${packets} packets`;
}

function captured(
  { nodes }: LookRequest,
  outputs: Outputs,
  { node, device }: { readonly node: string; readonly device: string },
): Buffer {
  const index = nodes.findIndex(({ name }) => name === node);
  const pcap = outputs.file(index, `${captureName(device)}.pcap`);
  const said = outputs.file(index, `${captureName(device)}.said`);
  // A file without a word that tcpdump listens would be one that began too late.
  if (pcap && pcap.length > 0 && /listening on/.test(said?.toString() ?? '')) return pcap;
  throw new Error(said?.toString().trim() || outputs.whyNot(index) || `nothing could be captured on ${device}`);
}

/**
 * A frame from one of these left the node: its own links', and on the host those of its containers, which macvlan gives
 * their own.
 *
 * @throws when the node's links are not known: then no packet has a direction
 */
export function ownMacs(
  nodes: LookRequest['nodes'],
  node: string,
  links: PerNode<readonly Link[]>,
): ReadonlySet<string> {
  if (!links[node]) throw new Error(`which packets left ${node} cannot be told without its links`);
  const isHost = nodes.some(({ name, kind }) => name === node && kind === 'host');
  const containers = isHost ? nodes.filter(({ kind }) => kind === 'container').map(({ name }) => name) : [];
  return new Set([node, ...containers].flatMap((name) => (links[name] ?? []).flatMap(({ mac }) => mac ?? [])));
}
