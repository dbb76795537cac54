import type { Capture, ContainerFact, Drop, Facts, Firewall, Link, NetworkFact, NodeFact } from '../evidence/facts.js';
import { bare, contains, familyOf, sameAddress, subnetOf } from '../ip.js';
import type { Fib, NextHop } from './fib.js';
import { isSilent, withTag } from './vlan.js';
import { linkFiltered, type LinkFiltered, type LinkSide } from './link-filter.js';
import type { Decider } from './packet-filter.js';
import { wrongWayBack } from './reverse-path.js';
import type { Passing } from './rule-match.js';

/** Who holds an address, and on which of its links. */
export interface Holder {
  readonly node: NodeFact;
  readonly device: string;
}

/** A probe's packet as a trace shows it, in the netdev family's chains or in all others. */
interface Traced {
  readonly tag: number | undefined;
  readonly destination: string;
  readonly onLink: boolean;
}

/** The facts of one run, asked the way a packet's way asks them. */
export class World {
  readonly #facts: Partial<Facts>;

  constructor(facts: Partial<Facts>) {
    this.#facts = facts;
  }

  node(name: string | undefined): NodeFact | undefined {
    return this.#facts.nodes?.find((node) => node.name === name);
  }

  get host(): NodeFact | undefined {
    return this.#facts.nodes?.find(({ kind }) => kind === 'host');
  }

  container(name: string): ContainerFact | undefined {
    return this.#facts.containers?.find((container) => container.name === name);
  }

  /** The network a container has an address on; its first when the address is not known. */
  networkOf(container: ContainerFact, address: string): NetworkFact | undefined {
    const attached =
      container.attachments.find(({ addresses }) => addresses.some((own) => sameAddress(own, address))) ??
      container.attachments[0];
    const network = this.#facts.networks?.find(({ name }) => name === attached?.network);
    return network && this.#asItIs(network, container.name, attached?.addresses ?? []);
  }

  /** A network with the mode and flag its links have now, whatever Docker was asked for: the last link on a parent decides. */
  #asItIs(network: NetworkFact, container: string, addresses: readonly string[]): NetworkFact {
    const link = this.#facts.links?.[container]?.find((one) =>
      one.addresses.some((own) => addresses.some((address) => sameAddress(bare(own), address))),
    );
    if (network.driver !== 'ipvlan' || link?.kind !== 'ipvlan') return network;
    return { ...network, mode: link.mode ?? network.mode, flag: link.flag ?? network.flag };
  }

  /** The network behind one of a container's links; the one its address is on where the link was not seen. */
  networkBehind(
    container: ContainerFact,
    { device, source }: { readonly device: string; readonly source: string },
  ): NetworkFact | undefined {
    const own = (this.link(container.name, device)?.addresses ?? []).map(bare);
    const known = own.find((address) =>
      container.attachments.some(({ addresses }) => addresses.some((one) => sameAddress(one, address))),
    );
    return this.networkOf(container, known ?? source);
  }

  /** The link of a node that has an address. */
  deviceOf(node: string, address: string): string | undefined {
    return this.#facts.links?.[node]?.find(({ addresses }) => addresses.some((own) => sameAddress(own, address)))?.name;
  }

  /** Whether a node listens on a port by an address; `undefined` when that was not seen. */
  listening(node: string, { protocol, port }: { readonly protocol: string; readonly port: number }) {
    return this.#facts.sockets?.[node]?.filter((socket) => socket.protocol === protocol && socket.port === port);
  }

  /** The container that holds an address. */
  containerAt(address: string): ContainerFact | undefined {
    return this.#facts.containers?.find(({ attachments }) =>
      attachments.some(({ addresses }) => addresses.some((own) => sameAddress(own, address))),
    );
  }

  /** @returns `undefined` unless both routes and rules were seen */
  fib(node: string): Fib | undefined {
    const [routes, rules] = [this.#facts.routes?.[node], this.#facts.rules?.[node]];
    return routes && rules && { routes, rules };
  }

  link(node: string, device: string): Link | undefined {
    return this.#facts.links?.[node]?.find(({ name }) => name === device);
  }

  firewall(node: string): Firewall | undefined {
    return this.#facts.firewall?.[node];
  }

  /** What hangs on a link itself does to a packet. */
  linkFiltered(side: LinkSide, packet: Passing): LinkFiltered {
    return linkFiltered(this.#facts, side, packet);
  }

  /** A sysctl of a node; `undefined` when it was not seen, or its kernel lacks it. */
  sysctl(node: string, name: string): string | undefined {
    return this.#facts.sysctls?.[node]?.[name];
  }

  /** What a node's strict reverse path filter holds against what comes in by a device; `undefined` when nothing. */
  wrongWayBack(node: string, from: { readonly source: string; readonly inDevice: string }): NextHop | undefined {
    const fib = this.fib(node);
    return fib && wrongWayBack({ fib, sysctls: this.#facts.sysctls?.[node] }, from);
  }

  /** Whether a node forwards; `undefined` when that was not seen. */
  forwards(node: string, address: string): boolean | undefined {
    const name = familyOf(address) === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
    const value = this.sysctl(node, name);
    return value === undefined ? undefined : value !== '0';
  }

  /** Whether an address lies on the segment behind a link of a node, and somebody there holds it. */
  isNear(node: string, { device, address }: { readonly device: string; readonly address: string }): boolean {
    const subnets = (this.link(node, device)?.addresses ?? []).map(subnetOf);
    return subnets.some((subnet) => contains(subnet, address)) && this.holder(address, node) !== undefined;
  }

  /** Whether a node holds an address on any of its links. */
  isOwn(node: string, address: string): boolean {
    return (
      this.#facts.links?.[node]?.some((link) => link.addresses.some((own) => sameAddress(bare(own), address))) ?? false
    );
  }

  /** Whether a node was seen to have asked for an address in vain. */
  askedInVain(node: string, address: string): boolean {
    const neighbour = this.#facts.neighbours?.[node]?.find((one) => sameAddress(one.address, address));
    return /FAILED|INCOMPLETE/.test(neighbour?.state ?? '');
  }

  /**
   * Who, other than the asker, answers for an address on a segment: nodes by their links; containers where their driver
   * answers ARP. Host and containers share the parent and do not hear each other.
   */
  holder(address: string, asker: string): Holder | undefined {
    const all = this.holders(address, asker);
    return all.find((one) => this.isTakenFor(one, address, asker)) ?? all[0];
  }

  /** Everybody who answers for an address: more than one where it was given away twice. */
  holders(address: string, asker: string): readonly Holder[] {
    const nodes = (this.#facts.nodes ?? []).filter(
      (node) =>
        node.name !== asker && node.kind !== 'switch' && (node.kind !== 'internet' || this.#isNextTo(node, asker)),
    );
    const seen = nodes.flatMap((node): Holder[] => {
      const link = this.#facts.links?.[node.name]?.find(({ addresses }) =>
        addresses.some((own) => sameAddress(bare(own), address)),
      );
      return link && this.#answersArp(node, address) ? [{ node, device: link.name }] : [];
    });
    if (seen.length > 0) return seen;
    const [unseen] = nodes.filter(
      ({ name, addresses }) =>
        this.#facts.links?.[name] === undefined && addresses.some((own) => sameAddress(own, address)),
    );
    return unseen ? [{ node: unseen, device: '' }] : [];
  }

  /** Whether a node has what stands for the internet on a link of its own. A container has the parents', however wide it takes its subnet to be. */
  #isNextTo({ addresses }: NodeFact, asker: string): boolean {
    const parents = this.parents.map((parent) => this.link(this.host?.name ?? '', parent));
    const links = this.container(asker) ? parents : this.#facts.links?.[asker];
    const own = links?.flatMap((link) => link?.addresses ?? []) ?? [];
    return own.length === 0 || own.some((one) => addresses.some((address) => contains(subnetOf(one), address)));
  }

  /** Whether it is a holder's hardware address that the asker has learned for an address. */
  isTakenFor({ node, device }: Holder, address: string, asker: string): boolean {
    const mac = this.#facts.neighbours?.[asker]?.find((one) => sameAddress(one.address, address))?.mac;
    return mac !== undefined && this.link(node.name, device)?.mac === mac;
  }

  /** Whether a node was seen to send packets for an address to a hardware address. */
  hasSent(node: string, { to, mac }: { readonly to: string; readonly mac: string }): boolean {
    return (this.#facts.captures ?? []).some(
      (capture) =>
        capture.node === node &&
        capture.packets.some(
          ({ content, targetMac }) =>
            targetMac === mac && 'destination' in content && sameAddress(content.destination, to),
        ),
    );
  }

  /** Whether a node knows the MAC address behind an address. */
  hasLearned(node: string, address: string): boolean {
    const entry = this.#facts.neighbours?.[node]?.find((one) => sameAddress(one.address, address));
    return entry?.mac !== undefined && !/FAILED|INCOMPLETE/.test(entry.state);
  }

  /** The hardware address a node has learned for another's address, where no link that was seen has it. */
  nobodysMac(node: string, address: string): string | undefined {
    const entry = this.#facts.neighbours?.[node]?.find((one) => sameAddress(one.address, address));
    const known = this.holders(address, node).every((one) => this.link(one.node.name, one.device)?.mac !== undefined);
    const macs = new Set(
      Object.values(this.#facts.links ?? {}).flatMap((links) => links.flatMap(({ mac }) => mac ?? [])),
    );
    if (!this.hasLearned(node, address) || !known) return undefined;
    return entry?.mac !== undefined && !macs.has(entry.mac) ? entry.mac : undefined;
  }

  /** IPvlan L3 has no ARP: nobody can ask such a container for its hardware address. */
  #answersArp({ name, kind }: NodeFact, address: string): boolean {
    const container = kind === 'container' ? this.container(name) : undefined;
    return container === undefined || !isLayer3(this.networkOf(container, address));
  }

  /** Whether somebody on the host's own segment holds an address: a host on the LAN, or a container on a parent. */
  sharesSegment(address: string): boolean {
    if (this.containerAt(address)) return true;
    const subnets = this.parents.flatMap((device) => this.link(this.host?.name ?? '', device)?.addresses ?? []);
    return subnets.some((own) => contains(subnetOf(own), address));
  }

  /** Whether everybody on the segment behind a link is known: some other node is, and no node went unseen. */
  isKnownSegment(node: string, device: string): boolean {
    const subnets = (this.link(node, device)?.addresses ?? []).filter((own) => !/^fe80/i.test(own)).map(subnetOf);
    const others = (this.#facts.nodes ?? []).filter(({ name }) => name !== node);
    const shared = others.some(({ addresses }) => addresses.some((own) => subnets.some((one) => contains(one, own))));
    const unseen = ({ name, kind }: NodeFact) =>
      kind !== 'switch' && kind !== 'internet' && this.#facts.links?.[name] === undefined;
    return shared && !others.some(unseen);
  }

  /** The addresses a node is known by, and those of one of its links. */
  addressesOf({ node, device }: { readonly node: string; readonly device: string }): readonly string[] {
    return [...(this.node(node)?.addresses ?? []), ...(this.link(node, device)?.addresses ?? []).map(bare)];
  }

  /** A node's own address on one of its links, of another's family. */
  addressOn(node: string, { device, like }: { readonly device: string; readonly like: string }): string | undefined {
    return this.link(node, device)
      ?.addresses.map(bare)
      .find((address) => familyOf(address) === familyOf(like) && !/^fe80/i.test(address));
  }

  /** The link a gateway leaves its LAN by: it has addresses, and none the LAN knows the gateway by. */
  uplinkOf(node: string): Link | undefined {
    const known = this.node(node)?.addresses ?? [];
    return this.#facts.links?.[node]?.find(
      ({ name, kind, addresses }) =>
        name !== 'lo' &&
        kind !== 'vlan' &&
        !addresses.some((own) => known.some((address) => sameAddress(own, address))) &&
        (addresses.some((own) => !/^fe80/i.test(own)) || addresses.length === 0),
    );
  }

  /** Packets the host's kernel dropped while the probes ran; `undefined` when nobody counted. */
  get drops(): readonly Drop[] | undefined {
    return this.#facts.drops?.[this.host?.name ?? ''];
  }

  /** What dropped a probe's packet to an address in a node's packet filter, or on a link of it, as traced. */
  tracedDrop(node: string, { tag, destination, onLink }: Traced): Decider | undefined {
    const drop = this.#facts.traces?.[node]?.find(
      (trace) =>
        trace.dropped &&
        (trace.dropped.family === 'netdev') === onLink &&
        tag !== undefined &&
        trace.tags.includes(tag) &&
        sameAddress(trace.destination, destination),
    )?.dropped;
    if (!drop) return undefined;
    const place = { backend: 'nftables', family: drop.family, table: drop.table, chain: drop.chain } as const;
    return drop.rule === undefined
      ? { kind: 'policy', place }
      : { kind: 'rule', place, rule: drop.rule, handle: undefined };
  }

  /** The links containers hang on. */
  get parents(): readonly string[] {
    const networks = this.#facts.networks ?? [];
    return [...new Set(networks.flatMap(({ driver, parent }) => (driver === 'bridge' ? [] : (parent ?? []))))];
  }

  /** Whether the port of the switch that leads to a node is set down. */
  portDown(node: string): boolean {
    const own = this.#facts.nodes?.find(({ kind }) => kind === 'switch');
    const port = own?.ports?.find((one) => one.node === node)?.device;
    return this.#facts.links?.[own?.name ?? '']?.some(({ name, adminUp }) => name === port && !adminUp) ?? false;
  }

  /** What was captured on a link. A VLAN link's frames are those with its tag on the link below; the others are untagged. */
  capture(node: string, device: string): Capture | undefined {
    const own = this.#facts.captures?.filter((capture) => capture.node === node) ?? [];
    const exact = own.find((capture) => capture.device === device);
    if (exact) return withTag(exact, undefined);
    const link = this.link(node, device);
    const below = own.find((capture) => capture.device === link?.lower || device.startsWith(`${capture.device}.`));
    return below && withTag(below, link?.vlan ?? Number(device.split('.')[1]));
  }

  /** Containers on a parent. */
  #hangingOn(parent: string): readonly ContainerFact[] {
    return (this.#facts.containers ?? []).filter(({ attachments }) =>
      attachments.some((one) =>
        this.#facts.networks?.some(({ name, parent: on }) => name === one.network && on === parent),
      ),
    );
  }

  /** Whose IPvlan link on a parent has an address now, whoever was meant to: what comes in for it is that one's. Maybe a shim of the host's. */
  heldOn(parent: string, address: string): Holder | undefined {
    const names = [...this.#hangingOn(parent).map(({ name }) => name), this.host?.name ?? ''];
    return names.flatMap((name): Holder[] => {
      const node = this.node(name);
      const device = this.#facts.links?.[name]?.find(
        ({ kind, addresses }) => kind === 'ipvlan' && addresses.some((own) => sameAddress(bare(own), address)),
      )?.name;
      return node && device !== undefined ? [{ node, device }] : [];
    })[0];
  }

  /** Whether a container was seen to be without an address that Docker gave it. */
  lacks(container: ContainerFact, address: string): boolean {
    return this.#facts.links?.[container.name] !== undefined && !this.isOwn(container.name, address);
  }

  /** A container that holds the host's own address on a parent, and takes what comes in for it there. */
  thiefOf(parent: string): { readonly thief: string; readonly address: string } | undefined {
    const own = this.host?.addresses ?? [];
    return this.#hangingOn(parent)
      .flatMap(({ name }) =>
        (this.#facts.links?.[name] ?? []).flatMap((link) =>
          link.addresses.map(bare).map((address) => ({ thief: name, address })),
        ),
      )
      .find(({ address }) => own.some((one) => sameAddress(one, address)));
  }

  /** Whether frames with a VLAN link's tag were seen to leave, and never one to come in. */
  tagIsSilent(node: string, device: string): boolean {
    if (this.link(node, device)?.vlan === undefined) return false;
    return isSilent(this.capture(node, device));
  }

  /** Whether two containers hang on the same parent, and so reach each other without leaving it. */
  sharesParent(a: NetworkFact | undefined, b: NetworkFact | undefined): boolean {
    return (
      a !== undefined && b !== undefined && (a.name === b.name || (a.parent !== undefined && a.parent === b.parent))
    );
  }

  /** Whether an address lies in the subnet of a network. */
  isOn(network: NetworkFact | undefined, address: string): boolean {
    return network?.subnets.some(({ subnet }) => contains(subnet, address)) ?? false;
  }
}

/** IPvlan in a mode in which the host's own routes decide. */
export function isLayer3(network: NetworkFact | undefined): boolean {
  return network?.driver === 'ipvlan' && (network.mode === 'l3' || network.mode === 'l3s');
}
