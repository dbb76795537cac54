import { sameAddress } from '../../ip.js';
import { holdersOf } from '../../network/holders.js';
import { isLearnedEntry, isUnansweredEntry } from '../../network/observations/neighbour-entry.js';
import type { Observations } from '../../network/observations/observations.js';
import type { Known } from '../known.js';
import { blocks, PASSES, type OpenQuestion, type PredictedHop } from '../predict/leg.js';
import { isTagUnanswered } from './captures.js';

/** Predicted hops with what configuration leaves open decided by observations: hops that they say nothing of are left out. */
export function settled(known: Known, hops: readonly PredictedHop[]): readonly PredictedHop[] {
  return hops.flatMap(({ open, ...hop }) => (open ? (decide(known, hop, open) ?? []) : unanswered(known, hop)));
}

function decide(known: Known, hop: PredictedHop, open: OpenQuestion): PredictedHop | undefined {
  switch (open.kind) {
    case 'which-holder':
      return sentToOtherHolder(known, hop, open);
    case 'stale-neighbour':
      return staleNeighbour(known, hop, open);
    case 'not-learned':
      return isLearnedEntry(known.observed.neighbour(open.node, open.address)) ? undefined : hop;
    case 'vlan-unanswered': {
      const link = open.links.find((one) => isTagUnanswered(known, one));
      return link && { ...hop, predicted: blocks({ kind: 'vlan-unanswered', ...link, vlan: open.vlan }) };
    }
  }
}

/** The sender has learned the MAC address of another holder, or was seen to send there, all the time or now and then. */
function sentToOtherHolder(
  { observed }: Known,
  hop: PredictedHop,
  { sender, address, mac, ownMac, reason }: Extract<OpenQuestion, { kind: 'which-holder' }>,
): PredictedHop | undefined {
  const sendsBoth = ownMac !== undefined && hasSent(observed, sender, { address, mac: ownMac });
  const learned = observed.neighbour(sender, address)?.mac === mac && !sendsBoth;
  if (learned) return { ...hop, predicted: blocks(reason), wrongMac: mac };
  if (!hasSent(observed, sender, { address, mac })) return undefined;
  return { ...hop, predicted: PASSES, sometimes: reason, wrongMac: mac };
}

/** Whether a node was seen to send packets for an address to a MAC address. */
function hasSent(
  observed: Observations,
  sender: string,
  { address, mac }: { readonly address: string; readonly mac: string },
): boolean {
  return observed.captures.some(
    ({ node, packets }) =>
      node === sender &&
      packets.some(
        ({ content, targetMac }) =>
          targetMac === mac && 'destination' in content && sameAddress(content.destination, address),
      ),
  );
}

/** The node has learned a MAC address for another's address that no link has. */
function staleNeighbour(
  { network, observed }: Known,
  hop: PredictedHop,
  { node, address }: Extract<OpenQuestion, { kind: 'stale-neighbour' }>,
): PredictedHop | undefined {
  const entry = observed.neighbour(node, address);
  if (!isLearnedEntry(entry)) return undefined;
  const { mac } = entry;
  const known = holdersOf(network, address, node).every(
    (one) => network.links.link(one.node.name, one.device)?.mac !== undefined,
  );
  if (!known || network.links.all.some((link) => link.mac === mac)) return undefined;
  return { ...hop, predicted: blocks({ kind: 'stale-neighbour', node, address, mac }), wrongMac: mac };
}

/** An unknown holder whose address the node got no ARP reply for is none. */
function unanswered({ observed }: Known, hop: PredictedHop): PredictedHop {
  const { predicted, node } = hop;
  if (predicted.verdict !== 'unknown' || predicted.missing.kind !== 'holder') return hop;
  const { address, as } = predicted.missing;
  if (!isUnansweredEntry(observed.neighbour(node, address))) return hop;
  return { ...hop, predicted: blocks({ kind: 'address-not-held', address, as }) };
}
