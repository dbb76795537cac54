import { DoctorError } from '../../errors.js';
import type { Capture, Link, Packet, PerNode } from '../../evidence/facts.js';
import { decodePcap } from '../../evidence/pcap.js';
import { bare } from '../../ip.js';
import { listening as socketsOn } from '../../network/listening.js';
import { NetworkState } from '../../network/network-state.js';
import { Conversations, flowKey, heardFlows, type Listener } from '../../network/observations/heard.js';
import { ownMacs } from '../../probes/capture/captures.js';
import type { Heard } from '../../probes/capture/listen.js';
import type { Looked } from '../../probes/look-request.js';
import type { ScenarioResult } from '../../report/result.js';
import { heardCounts, heardText } from '../../report/words/heard.js';
import type { VantagePoint } from '../../topology/vantage-points.js';
import { lookRequest } from '../gather.js';
import { concluded, type AttachedSystem, type Means } from './examine-attached.js';
import { heardProbe } from './heard-probes.js';
import type { Listening } from './services.js';

/** How a container's own traffic is listened to. */
export interface ListenWish {
  readonly seconds: number;
  /** Ends it early when it aborts: what was heard until then is diagnosed. */
  readonly ended: AbortSignal;
  /** A line for people about what was heard, as it is heard. */
  readonly onLine: (line: string) => void;
}

/** More lines than these tell a person nothing. */
const MOST_LINES = 200;

/**
 * Listens to a container's own traffic, at the parent and in the container, and diagnoses each flow that was heard. Nothing is sent, and
 * nothing is changed.
 *
 * @throws DoctorError `USAGE` without a privileged helper container, which alone can listen
 */
export async function examineListened(
  system: AttachedSystem & { readonly inbound: Listening },
  wish: ListenWish,
  means: Means,
): Promise<ScenarioResult> {
  const { observer, options, session } = means;
  const { container } = system.inbound;
  if (!observer.listen) throw new DoctorError('USAGE', 'Listening needs the privileged temporary helper container.');
  const listener = listenerOf(system.inbound);
  const onStep = () =>
    options.onStep(`listening for ${wish.seconds} s: now try from the other machine (Ctrl-C ends it early)`);
  const story = liveStory(container.name, listener, wish.onLine);
  const { ended, seconds } = wish;
  const asked = { nodes: system.around.live, at: system.captures, addresses: listener.addresses, seconds, ended };
  const listen = observer.listen;
  const heard = await session.clock.time('listen', () => listen({ ...asked, onReady: onStep, onPackets: story }));
  options.onStep('reading the configuration');
  const facts = await session.clock.time('probe', () => observer.look(factsOnly(system, means), system.containers));
  const looked = withHeard(facts, heard, system);
  const flows = heardFlows(looked.facts.captures ?? [], listener);
  for (const flow of flows.slice(0, MOST_LINES)) wish.onLine(heardCounts(flow, container.name));
  const live = new Set(system.around.live.map(({ name }) => name));
  const probes = flows.flatMap((flow) => heardProbe(flow, { container, nodes: system.around.facts, live }) ?? []);
  const checks = probes.map(({ id, from, to, over }) => ({ id, from, to, over, expect: REACHABLE, line: undefined }));
  const sockets = system.inbound.sockets.filter(
    ({ protocol, port }) =>
      !flows.some((flow) => flow.direction === 'inbound' && flow.protocol === protocol && flow.port === port),
  );
  const warnings = [...system.warnings, ...fullAt(heard)];
  const unheard = { ...system, checks, comparisons: [], inbound: { ...system.inbound, sockets }, warnings };
  const result = await concluded(unheard, { looked: { ...looked, probes }, again: undefined }, means);
  return checks.length > 0 || result.verdict !== 'pass'
    ? result
    : { ...result, verdict: 'broken', reason: nothing(container.name) };
}

const REACHABLE = { kind: 'reachable' } as const;

function nothing(container: string): string {
  return `no traffic of ${container} was heard that tells whether it arrives`;
}

function listenerOf({ container, sockets }: Listening): Listener {
  const state = new NetworkState({ sockets: { [container.name]: sockets } });
  return {
    addresses: container.attachments.flatMap(({ addresses }) => addresses.map(bare)),
    serves: (protocol, port) => (socketsOn(state, container.name, { protocol, port }) ?? []).length > 0,
  };
}

/** Says of each flow once what was heard of it at each place. */
function liveStory(container: string, listener: Listener, onLine: ListenWish['onLine']) {
  const conversations = new Conversations(listener);
  const told = new Set<string>();
  return ({ node, device }: VantagePoint, packets: readonly Packet[]): void => {
    for (const packet of packets) {
      const heard = conversations.partOf(packet);
      if (!heard) continue;
      const key = [flowKey(heard.flow), heard.part, node, device].join(' ');
      if (told.has(key) || told.size >= MOST_LINES) continue;
      told.add(key);
      onLine(heardText({ ...heard, device, container, inside: node === container }));
    }
  };
}

/** What is configured, without a probe and without a packet. */
function factsOnly({ around, containers }: AttachedSystem, { options: { runId: run, signal } }: Means) {
  return lookRequest({
    ...{ run, nodes: around.live, checks: [], comparisons: [], captures: [], traced: [], shared: true, facts: true },
    absent: new Map(containers.filter(({ pid }) => pid === 0).map(({ name, state }) => [name, `it is ${state}`])),
    ...{ resolver: around.gateway?.addresses[0] ?? '127.0.0.1', signal },
  });
}

/** What was heard, as if the look had captured it. */
function withHeard(looked: Looked, heard: readonly Heard[], { around }: AttachedSystem): Looked {
  const captures = heard.map((one) => captureOf(one, around.live, looked.facts.links ?? {}));
  const files = heard.map(({ pcap }, index) => [captures[index]?.file ?? `${index}.pcap`, pcap] as const);
  return { ...looked, facts: { ...looked.facts, captures }, pcaps: new Map(files) };
}

/** Any packet of the container's shows that a capture was awake; one that had to stop early says nothing of what came later. */
function captureOf(
  { at: { node, device }, pcap, full }: Heard,
  nodes: Parameters<typeof ownMacs>[0],
  links: PerNode<readonly Link[]>,
): Capture {
  const packets = decodePcap(pcap, ownMacs(nodes, node, links));
  const control = full ? 'not seen' : packets.length > 0 ? 'seen' : 'none sent';
  return { node, device, control, packets, file: `${node}-${device}.pcap`.replaceAll(/[^\w.-]/g, '_') };
}

function fullAt(heard: readonly Heard[]): readonly string[] {
  return heard
    .filter(({ full }) => full)
    .map(({ at }) => `Listening at ${at.device} of ${at.node} ended early because there was too much traffic.`);
}
