import type { ContainerFact, NetworkFact, NodeFact } from '../evidence/facts.js';
import { bare, contains, sameAddress, subnetOf } from '../ip.js';
import type { Holder } from './addresses.js';
import type { NetworkState } from './network-state.js';
import { isLayer3, shareParent } from './networks.js';

/**
 * Who, other than the asker, answers for an address on a segment: nodes by their links; containers where their driver answers
 * ARP. More than one where the address was given away twice. Host and containers share the parent and do not hear each other.
 */
export function holdersOf(state: NetworkState, address: string, asker: string): readonly Holder[] {
  const known = remembered.get(state) ?? new Map<string, readonly Holder[]>();
  remembered.set(state, known);
  const key = `${asker} ${address}`;
  const holders = known.get(key) ?? searched(state, address, asker);
  known.set(key, holders);
  return holders;
}

/** Every flow that goes over a segment asks for the same next hop. */
const remembered = new WeakMap<NetworkState, Map<string, readonly Holder[]>>();

function searched(state: NetworkState, address: string, asker: string): readonly Holder[] {
  const nodes = state.names.nodes.filter(({ name, kind }) => name !== asker && kind !== 'switch');
  const hears = (node: NodeFact) => node.kind !== 'internet' || isNextTo(state, node, asker);
  const seen = nodes.flatMap((node): Holder[] => {
    const link = state.addresses.linkWith(node.name, address);
    return link && answersArp(state, node, address) && hears(node) ? [{ node, device: link.name }] : [];
  });
  if (seen.length > 0) return seen;
  const unseen = nodes.find(
    (node) =>
      state.links.of(node.name) === undefined && node.addresses.some((own) => sameAddress(own, address)) && hears(node),
  );
  return unseen ? [{ node: unseen, device: '' }] : [];
}

/** Whether a node has what stands for the internet on a link of its own. A container has the parents', however wide it takes its subnet to be. */
function isNextTo({ names, links }: NetworkState, { addresses }: NodeFact, asker: string): boolean {
  const parents = names.parents.map((parent) => links.link(names.host?.name, parent));
  const near = names.container(asker) ? parents : links.of(asker);
  const own = near?.flatMap((link) => link?.addresses ?? []) ?? [];
  return own.length === 0 || own.some((one) => addresses.some((address) => contains(subnetOf(one), address)));
}

/** The container on a network, other than the sender, that holds the sender's next hop; `undefined` where none does. */
export function siblingRouter(
  { names, addresses }: NetworkState,
  network: NetworkFact,
  { node, next }: { readonly node: string; readonly next: string },
): { readonly node: string; readonly device: string } | undefined {
  const near = names.containers.filter(
    ({ name, attachments }) =>
      name !== node && attachments.some((one) => isBeside(names.network(one.network), network)),
  );
  return near
    .map(({ name }) => ({ node: name, device: addresses.deviceOf(name, next) ?? '' }))
    .find(({ device }) => device !== '');
}

function isBeside(one: NetworkFact | undefined, other: NetworkFact): boolean {
  return one?.name === other.name || shareParent(one, other);
}

/** IPvlan L3 has no ARP: such a container never answers for its address. */
function answersArp({ names, addresses }: NetworkState, { name, kind }: NodeFact, address: string): boolean {
  const container = kind === 'container' ? names.container(name) : undefined;
  return container === undefined || !isLayer3(addresses.networkOf(container, address));
}

/** Whether an address lies on the segment behind a link of a node, and a node there holds it. */
export function isNear(state: NetworkState, { node, device, address }: Near): boolean {
  const subnets = (state.links.link(node, device)?.addresses ?? []).map(subnetOf);
  return subnets.some((subnet) => contains(subnet, address)) && holdersOf(state, address, node).length > 0;
}

interface Near {
  readonly node: string;
  readonly device: string;
  readonly address: string;
}

/** Whether an address is on the host's own segment: that of a host on the LAN, or of a container on a parent. */
export function sharesSegment({ names, links, addresses }: NetworkState, address: string): boolean {
  if (addresses.containerAt(address)) return true;
  const subnets = names.parents.flatMap((device) => links.link(names.host?.name, device)?.addresses ?? []);
  return subnets.some((own) => contains(subnetOf(own), address));
}

/** Whether every node on the segment behind a link is known: some other node is, and no node went unseen. */
export function isKnownSegment({ names, links }: NetworkState, node: string, device: string): boolean {
  const subnets = (links.link(node, device)?.addresses ?? []).filter((own) => !/^fe80/i.test(own)).map(subnetOf);
  const others = names.nodes.filter(({ name }) => name !== node);
  const shared = others.some(({ addresses }) => addresses.some((own) => subnets.some((one) => contains(one, own))));
  const unseen = ({ name, kind }: NodeFact) => kind !== 'switch' && kind !== 'internet' && links.of(name) === undefined;
  return shared && !others.some(unseen);
}

/** A container that holds an address of the host on a parent, and gets what comes in for it there. */
export function hostAddressTaken(
  { names, links }: NetworkState,
  parent: string,
): { readonly by: ContainerFact; readonly address: string } | undefined {
  const own = names.host?.addresses ?? [];
  return names
    .containersOn(parent)
    .flatMap((by) =>
      (links.of(by.name) ?? []).flatMap((link) => link.addresses.map((one) => ({ by, address: bare(one) }))),
    )
    .find(({ address }) => own.some((one) => sameAddress(one, address)));
}
