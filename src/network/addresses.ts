import type { ContainerFact, Link, NetworkFact, NodeFact } from '../evidence/facts.js';
import { bare, familyOf, sameAddress } from '../ip.js';
import type { Links } from './links.js';
import type { Names } from './names.js';

/** Who holds an address, and on which link: `device` is empty where that node's links were not seen. */
export interface Holder {
  readonly node: NodeFact;
  readonly device: string;
}

/** An address on a link, with whose it is. */
export interface Holding {
  readonly node: NodeFact;
  readonly link: Link;
  /** With prefix length. */
  readonly address: string;
}

/** Who has which address: on a link, as the kernel has it now, or given by Docker. */
export class Addresses {
  readonly #names: Names;
  readonly #links: Links;

  constructor({ names, links }: { readonly names: Names; readonly links: Links }) {
    this.#names = names;
    this.#links = links;
  }

  /** The link of a node that holds an address; `undefined` when none does, or its links were not seen. */
  linkWith(node: string | undefined, address: string): Link | undefined {
    return this.#links.of(node)?.find(({ addresses }) => addresses.some((own) => sameAddress(own, address)));
  }

  /** Every link that holds an address, as far as links were seen. */
  holdings(address: string): readonly Holding[] {
    return this.#names.nodes.flatMap((node) =>
      (this.#links.of(node.name) ?? []).flatMap((link) =>
        link.addresses.filter((own) => sameAddress(own, address)).map((own) => ({ node, link, address: own })),
      ),
    );
  }

  /**
   * The IPvlan link on a parent that holds an address now: a container's, or a shim of the host's. The kernel lets no second link of
   * one parent have it.
   */
  heldOn(parent: string, address: string): Holding | undefined {
    const on = new Set(this.#names.containersOn(parent).map(({ name }) => name));
    const all = this.holdings(address).filter(({ link }) => link.kind === 'ipvlan');
    return all.find(({ node }) => node.kind === 'host') ?? all.find(({ node }) => on.has(node.name));
  }

  /** Whether a node holds an address on any of its links. */
  isOwn(node: string, address: string): boolean {
    return this.linkWith(node, address) !== undefined;
  }

  /** The container Docker gave an address to. */
  containerAt(address: string): ContainerFact | undefined {
    return this.#names.containers.find(({ attachments }) =>
      attachments.some(({ addresses }) => addresses.some((own) => sameAddress(own, address))),
    );
  }

  /** Whether a container is without an address that Docker gave it. Not where its links were not seen. */
  lacks(container: ContainerFact, address: string): boolean {
    return this.#links.of(container.name) !== undefined && !this.isOwn(container.name, address);
  }

  /** The network a container has an address on, with the mode and flag its link has now; its first when the address is not known. */
  networkOf(container: ContainerFact, address: string): NetworkFact | undefined {
    const attached =
      container.attachments.find(({ addresses }) => addresses.some((own) => sameAddress(own, address))) ??
      container.attachments[0];
    const network = this.#names.network(attached?.network);
    return network && this.#asItIs(network, container.name, attached?.addresses ?? []);
  }

  /** The network behind one of a container's links; the one that `source` is on where the link was not seen. */
  networkBehind(
    container: ContainerFact,
    { device, source }: { readonly device: string; readonly source: string },
  ): NetworkFact | undefined {
    const own = (this.#links.link(container.name, device)?.addresses ?? []).map(bare);
    const known = own.find((address) =>
      container.attachments.some(({ addresses }) => addresses.some((one) => sameAddress(one, address))),
    );
    return this.networkOf(container, known ?? source);
  }

  /** Whether a link of a container is none that Docker gave it, such as a tunnel. Not where the link was not seen. */
  isOwnLink(container: ContainerFact, device: string): boolean {
    const link = this.#links.link(container.name, device);
    if (!link || link.name === 'lo' || link.kind === 'ipvlan' || link.kind === 'macvlan') return false;
    const own = link.addresses.map(bare).filter((address) => !/^fe80/i.test(address));
    const given = container.attachments.flatMap(({ addresses }) => addresses);
    return own.length > 0 && !own.some((address) => given.some((one) => sameAddress(one, address)));
  }

  /** The router's address of another's family, as the LAN knows it; `undefined` without a router of that family. */
  routerLike(address: string): string | undefined {
    return this.#names.gateway?.addresses.find((own) => familyOf(own) === familyOf(address));
  }

  /** The host's address of another's family, or else its first: what a static route to its containers leads to. */
  hostLike(address: string): string | undefined {
    const own = this.#names.host?.addresses ?? [];
    return own.find((one) => familyOf(one) === familyOf(address)) ?? own[0];
  }

  /** The name of the link of a node that holds an address. */
  deviceOf(node: string, address: string): string | undefined {
    return this.linkWith(node, address)?.name;
  }

  /** A node's own address on one of its links, of another's family; no link-local one. */
  addressOn(node: string, { device, like }: { readonly device: string; readonly like: string }): string | undefined {
    return this.#links
      .link(node, device)
      ?.addresses.map(bare)
      .find((address) => familyOf(address) === familyOf(like) && !/^fe80/i.test(address));
  }

  /** The last link of IPvlan on a parent decides the mode of all of them, not what Docker was asked for. */
  #asItIs(network: NetworkFact, container: string, addresses: readonly string[]): NetworkFact {
    const link = this.#links
      .of(container)
      ?.find((one) => one.addresses.some((own) => addresses.some((address) => sameAddress(own, address))));
    if (network.driver !== 'ipvlan' || link?.kind !== 'ipvlan') return network;
    return { ...network, mode: link.mode ?? network.mode, flag: link.flag ?? network.flag };
  }
}
