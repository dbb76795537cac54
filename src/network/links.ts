import type { Facts, Link, LinkFilter, NodeFact } from '../evidence/facts.js';
import { sameAddress } from '../ip.js';

/** What a link can do now. */
export type LinkState = 'up' | 'down' | 'no-carrier';

/** Links of nodes, and the filters attached to them. */
export class Links {
  readonly #links: Partial<Facts['links']>;
  readonly #filters: Partial<Facts['linkFilters']>;

  constructor({ links = {}, linkFilters = {} }: Partial<Facts>) {
    this.#links = links;
    this.#filters = linkFilters;
  }

  /** @returns `undefined` for a node that was not looked at */
  of(node: string | undefined): readonly Link[] | undefined {
    return this.#links[node ?? ''];
  }

  /** Every link that was seen, on any node. */
  get all(): readonly Link[] {
    return Object.values(this.#links).flatMap((links) => links ?? []);
  }

  link(node: string | undefined, device: string | undefined): Link | undefined {
    return this.of(node)?.find(({ name }) => name === device);
  }

  /** @returns `undefined` when the link was not seen */
  state(node: string | undefined, device: string | undefined): LinkState | undefined {
    const link = this.link(node, device);
    if (!link) return undefined;
    if (!link.adminUp) return 'down';
    return link.carrier && link.operState !== 'LOWERLAYERDOWN' && link.operState !== 'DOWN' ? 'up' : 'no-carrier';
  }

  /**
   * The bond or bridge that a link is, or that a VLAN link is attached to, with its ports.
   *
   * @returns `undefined` for a link that is made of no others, or was not seen
   */
  madeOf(
    node: string,
    device: string | undefined,
  ): { readonly controller: Link; readonly legs: readonly Link[] } | undefined {
    const link = this.link(node, device);
    const controller = link?.kind === 'vlan' ? this.link(node, link.lower ?? link.name.split('.')[0]) : link;
    if (controller?.kind !== 'bond' && controller?.kind !== 'bridge') return undefined;
    const legs = (this.of(node) ?? []).filter((one) => one.controller === controller.name);
    return legs.length > 0 ? { controller, legs } : undefined;
  }

  /** tc filters and XDP programs of a node's links; `undefined` where they were not read. */
  filters(node: string): readonly LinkFilter[] | undefined {
    return this.#filters[node];
  }

  /** Links by which a gateway is on its LAN: they have an address by which the LAN knows it. */
  onLan(gateway: NodeFact): readonly Link[] {
    return (this.of(gateway.name) ?? []).filter(({ addresses }) =>
      addresses.some((own) => gateway.addresses.some((address) => sameAddress(own, address))),
    );
  }

  /** Links by which a gateway leaves its LAN: they have an address, and none by which the LAN knows the gateway. */
  uplinks(gateway: NodeFact): readonly Link[] {
    return (this.of(gateway.name) ?? []).filter(
      ({ name, kind, addresses }) =>
        name !== 'lo' &&
        kind !== 'vlan' &&
        !addresses.some((own) => gateway.addresses.some((address) => sameAddress(own, address))) &&
        (addresses.some((own) => !/^fe80/i.test(own)) || addresses.length === 0),
    );
  }
}
