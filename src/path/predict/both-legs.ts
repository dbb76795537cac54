import type { ProbeResult } from '../../evidence/evidence.js';
import { familyOf, sameAddress } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { transportOf } from '../../scenario/plan.js';
import type { Unseen } from '../reason.js';
import type { ArpEntries } from './arp-entries.js';
import type { Leg, PredictedHop, PredictedPacket } from './leg.js';
import { shimsOf } from './shim.js';
import type { Translations } from './trail.js';
import { walk } from './walk.js';

/** What of a probe decides where its packets go: nothing that became of it. */
export type Sent = Pick<ProbeResult, 'from' | 'to' | 'over' | 'source'>;

/** A flow to walk, from which address of its sender. */
interface Walked {
  readonly probe: Sent;
  readonly source: string;
  /** Absent in a prediction without observations. */
  readonly learned?: ArpEntries | undefined;
}

/** Both legs of a flow, by the configuration and the MAC addresses that were learned; the return leg is absent where it does not arrive. */
export function bothLegs(
  network: NetworkState,
  { probe: { from, to, over }, source, learned }: Walked,
): { readonly forward: Leg; readonly returned: Leg | undefined } {
  const protocol = transportOf(over);
  const packet: PredictedPacket = {
    source,
    destination: to.address,
    protocol,
    ...(protocol === 'icmp' ? { icmp: 'echo-request' as const } : {}),
    port: 'port' in over ? over.port : { http: 80, dns: 53 }[over.protocol as string],
    ...('bytes' in over ? { bytes: over.bytes } : {}),
  };
  const forward = walk(network, { from, packet, direction: 'forward', translations: new Map(), learned });
  if (forward.at === undefined) return { forward, returned: undefined };
  const reply: PredictedPacket = {
    ...packet,
    source: to.address,
    destination: forward.packet.source,
    port: undefined,
    sourcePort: packet.port,
    ...(protocol === 'icmp' ? { icmp: 'echo-reply' as const } : {}),
  };
  const translations = translationsOf(forward.hops, source);
  const forwarders = new Set([from, ...routersOf(forward)]);
  const returned = walk(network, {
    from: forward.at,
    packet: reply,
    direction: 'return',
    translations,
    forwarders,
    learned,
    openNat: openNat(forward.hops),
  });
  const begun = { from, packet, direction: 'forward' as const, translations: new Map<string, never>(), learned };
  const oneWay = protocol === 'tcp' && returned.at === from && !isSubset(routersOf(forward), routersOf(returned));
  const following = oneWay ? walk(network, { ...begun, repliedBy: routersOf(returned) }) : undefined;
  return { forward: following ? withLater(forward, following) : forward, returned };
}

/** The gateways that pass a packet on. */
function routersOf({ hops }: Leg): ReadonlySet<string> {
  return new Set(hops.flatMap(({ hop, node }) => (hop === 'gateway-forward' ? [node] : [])));
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

/** Where a connection's first packet passes, and what follows it does not, because the reply took another path. */
function withLater(first: Leg, following: Leg): Leg {
  const hops = first.hops.map((hop, index) => {
    const { predicted } = following.hops[index] ?? hop;
    return hop.predicted.verdict === 'passes' && predicted.verdict === 'blocks'
      ? { ...hop, later: predicted.reason }
      : hop;
  });
  return { ...first, hops };
}

/** Each address a source was changed to on the way, with the one it was before: there may be several, one upon the other. */
function translationsOf(hops: readonly PredictedHop[], source: string): Translations {
  const changes = hops.filter(({ translatedTo }) => translatedTo !== undefined);
  return new Map(
    changes.map(({ translatedTo = '', node }, index) => [
      translatedTo,
      { node, original: changes[index - 1]?.translatedTo ?? source },
    ]),
  );
}

function openNat(hops: readonly PredictedHop[]): Unseen | undefined {
  return hops
    .flatMap(({ predicted }) => (predicted.verdict === 'unknown' ? [predicted.missing] : []))
    .find(({ kind }) => kind === 'nat-rules' || kind === 'translation');
}

/** The address a flow starts from: what the sender's route prefers, else its own of the target's family. */
export function sourceOf(network: NetworkState, { from, to, source }: Sent): string {
  if (source !== undefined) return source;
  const { names, addresses, routing } = network;
  const own = names.node(from)?.addresses ?? [];
  const found = routing.lookup(from, { destination: to.address });
  const routed = found?.kind === 'via' || found?.kind === 'on-link' ? found : undefined;
  const preferred =
    routed && (routed.route.source ?? addresses.addressOn(from, { device: routed.device, like: to.address }));
  if (preferred !== undefined && isSenders(network, from, { address: preferred, device: routed?.device ?? '' }))
    return preferred;
  return own.find((address) => familyOf(address) === familyOf(to.address)) ?? own[0] ?? '';
}

/** A host's or container's own addresses are those the run knows it by, not any others it has. */
function isSenders(
  network: NetworkState,
  from: string,
  { address, device }: { readonly address: string; readonly device: string },
): boolean {
  const { names, addresses } = network;
  const [node, container] = [names.node(from), names.container(from)];
  if (container && addresses.isOwnLink(container, device)) return true;
  const own = node?.addresses ?? [];
  const isOwn = own.length === 0 || own.some((one) => sameAddress(one, address));
  return isOwn || node?.kind === 'gateway' || isOnParent(network, from, device);
}

/** Whether a link is one of a host's own beside its containers' on a parent. */
function isOnParent(state: NetworkState, node: string, device: string): boolean {
  const { names } = state;
  return (
    node === names.hostName && names.networks.some((one) => shimsOf(state, one).some(({ name }) => name === device))
  );
}
