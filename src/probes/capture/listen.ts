import type { Agent } from '../../engine/agent.js';
import { DoctorError } from '../../errors.js';
import type { Packet } from '../../evidence/facts.js';
import { PcapStream } from '../../evidence/pcap-stream.js';
import { commandLine, quote } from '../../shell.js';
import type { LiveNode } from '../../topology/node.js';
import type { VantagePoint } from '../../topology/vantage-points.js';

/** What is to be listened to, and for how long. */
export interface ListenRequest {
  readonly nodes: readonly LiveNode[];
  readonly at: readonly VantagePoint[];
  /** Whose packets are kept, and no others. */
  readonly addresses: readonly string[];
  readonly seconds: number;
  /** Ends it early when it aborts. What was heard until then counts. */
  readonly ended: AbortSignal;
  /** Gives it up when it aborts. */
  readonly signal: AbortSignal;
  /** All of them listen. */
  readonly onReady: () => void;
  /** Packets as they come, without a direction. */
  readonly onPackets: (at: VantagePoint, packets: readonly Packet[]) => void;
}

/** What was heard at one vantage point. */
export interface Heard {
  readonly at: VantagePoint;
  readonly pcap: Buffer;
  /** Whether it stopped early because there was too much. */
  readonly full: boolean;
}

/** Bytes kept of each packet: headers, and what an ICMP error quotes. */
const SNAPSHOT_BYTES = 128;

/** Most packets one vantage point keeps. */
const MOST_PACKETS = 20_000;

/** How much longer than asked for a capture lives that is not told to end, in seconds. */
const GRACE_SECONDS = 30;

/**
 * Listens at several vantage points at once and sends nothing. It ends after its time, when it is told to, or when one of them ends.
 *
 * @throws DoctorError `AGENT_FAILED` when one cannot listen, `INTERRUPTED` when the signal aborts
 */
export async function listen(agent: Agent, request: ListenRequest): Promise<readonly Heard[]> {
  const over = new AbortController();
  const end = AbortSignal.any([over.signal, request.ended]);
  const ready = new Set<VantagePoint>();
  let timer: NodeJS.Timeout | undefined;
  const onListening = (at: VantagePoint) => {
    ready.add(at);
    if (ready.size < request.at.length) return;
    timer ??= setTimeout(() => over.abort(), request.seconds * 1000);
    request.onReady();
  };
  try {
    const following = request.at.map((at) => follow(agent, at, { request, end, onListening }));
    return await Promise.all(following.map((one) => one.finally(() => over.abort())));
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

interface Following {
  readonly request: ListenRequest;
  readonly end: AbortSignal;
  readonly onListening: (at: VantagePoint) => void;
}

async function follow(agent: Agent, at: VantagePoint, { request, end, onListening }: Following): Promise<Heard> {
  const stream = new PcapStream();
  let said = '';
  let packets = 0;
  await agent.follow(listenScript(at, request), {
    ...{ end, signal: request.signal },
    onPiece({ stdout, stderr }) {
      const was = said;
      said += stderr;
      if (LISTENING.test(said) && !LISTENING.test(was)) onListening(at);
      const came = stdout.length > 0 ? stream.take(stdout) : [];
      packets += came.length;
      if (came.length > 0) request.onPackets(at, came);
    },
  });
  if (!LISTENING.test(said))
    throw new DoctorError('AGENT_FAILED', `Nothing can be captured on ${at.device} of ${at.node}: ${said.trim()}`);
  return { at, pcap: stream.file, full: packets >= MOST_PACKETS };
}

const LISTENING = /listening on/;

/** tcpdump, until a line comes in or the input ends: then the one who listens is gone. It never outlives its time by much. */
export function listenScript(
  { node, device }: VantagePoint,
  { nodes, addresses, seconds }: Omit<ListenRequest, 'at'>,
): string {
  const enter = nodes.find(({ name }) => name === node)?.enter ?? [];
  const options = `-s ${SNAPSHOT_BYTES} -c ${MOST_PACKETS} -U --immediate-mode -w -`;
  const dump = `timeout ${Math.ceil(seconds) + GRACE_SECONDS} tcpdump -i ${quote(device)} ${options} ${quote(listenFilter(addresses))}`;
  return [
    'exec 4<&0',
    `${[commandLine(enter), dump].filter(Boolean).join(' ')} </dev/null 4<&- & T=$!`,
    '( read -r _ <&4; kill $T ) >/dev/null 2>&1 & W=$!',
    'wait $T; kill $W 2>/dev/null; exit 0',
  ].join('\n');
}

/** Only packets of these addresses, with ARP and neighbour discovery: never other people's traffic. Tagged frames count too. */
export function listenFilter(addresses: readonly string[]): string {
  const hosts = addresses.map((address) => `host ${address}`);
  const ours = [...hosts, '(icmp6 and ip6[40] >= 133 and ip6[40] <= 137)'].join(' or ');
  return `${ours} or (vlan and (${ours}))`;
}
