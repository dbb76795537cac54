import type { Facts, Link, NetworkFact, NodeFact } from '../evidence/facts.js';
import { bare, contains, familyOf, isPrivate, prefixLength, subnetOf } from '../ip.js';
import { defaultRoutes } from './default-route.js';
import { anywhere, connected, FORWARDING, OPEN, plainLink, plainRoute, RULES } from './plain-node.js';
import { assumedRouter, OUTER, PROVIDER, ROUTER_UPLINK, type AssumedNode } from './assumed-router.js';

/** Facts with those assumed that were not seen, and whose they are. */
export interface AssumedFacts {
  readonly facts: Partial<Facts>;
  /** Names of the nodes whose configuration is assumed. */
  readonly assumed: ReadonlySet<string>;
}

const LAN = 'lan';
const FAMILIES = [4, 6] as const;

/** Fills in a router, machines on the LAN and an internet that are in order, where they were not looked at. Pure. */
export function assumedFacts(facts: Partial<Facts>, targets: readonly string[]): AssumedFacts {
  const around = new Around(facts);
  const gateway = around.unseen('gateway')[0];
  const peers = around.unseen('peer');
  // Beyond a router that is assumed, what was seen of the internet does not fit.
  const internet = (gateway ? around.all('internet') : around.unseen('internet'))[0];
  const made = [
    ...(gateway ? [around.router(gateway)] : []),
    ...peers.map((peer) => around.peer(peer)),
    ...(internet ? [around.internet(internet, targets)] : []),
  ];
  const nodes = (facts.nodes ?? []).map((node) => made.find(({ node: { name } }) => name === node.name)?.node ?? node);
  const per = <T>(fact: Readonly<Record<string, T>> | undefined, of: (one: AssumedNode) => T) => ({
    ...fact,
    ...Object.fromEntries(made.map((one) => [one.node.name, of(one)])),
  });
  return {
    facts: {
      ...facts,
      nodes,
      links: per(facts.links, ({ links }) => links),
      routes: per(facts.routes, ({ routes }) => routes),
      rules: per(facts.rules, () => RULES),
      sysctls: per(facts.sysctls, ({ node }) => (node.kind === 'gateway' ? FORWARDING : {})),
      firewall: per(facts.firewall, ({ firewall }) => firewall),
    },
    assumed: new Set(made.map(({ node }) => node.name)),
  };
}

class Around {
  readonly #facts: Partial<Facts>;
  readonly #host: NodeFact | undefined;

  constructor(facts: Partial<Facts>) {
    this.#facts = facts;
    this.#host = facts.nodes?.find(({ kind }) => kind === 'host');
  }

  all(kind: NodeFact['kind']): readonly NodeFact[] {
    return (this.#facts.nodes ?? []).filter((node) => node.kind === kind);
  }

  unseen(kind: NodeFact['kind']): readonly NodeFact[] {
    const { links = {}, routes = {} } = this.#facts;
    return this.all(kind).filter((node) => links[node.name] === undefined && routes[node.name] === undefined);
  }

  router(node: NodeFact): AssumedNode {
    return assumedRouter(node, { links: this.#hostLinks(), networks: this.#networks() });
  }

  /** On the LAN of the parent whose subnet it is in, with the router as its way out. */
  peer({ name, addresses }: NodeFact): AssumedNode {
    const lans = this.#hostLinks().flatMap(({ vlan, mtu, addresses: all }) =>
      all.map((one) => ({ subnet: subnetOf(one), vlan, mtu })),
    );
    const lanOf = (address: string) => lans.find(({ subnet }) => contains(subnet, address));
    const own = addresses.map((address) => {
      const lan = lanOf(address)?.subnet;
      const usual = familyOf(address) === 6 ? 64 : 24;
      return `${address}/${lan === undefined ? usual : prefixLength(lan)}`;
    });
    const { vlan, mtu = 1500 } = lanOf(addresses[0] ?? '') ?? {};
    const links = [{ ...plainLink(1, LAN), addresses: own, vlan, mtu }];
    const ways = this.#gatewayAddresses()
      .filter((router) => own.some((one) => contains(subnetOf(one), router)))
      .map((router) => plainRoute(anywhere(familyOf(router) ?? 4), { via: router, device: LAN }));
    return { node: { name, kind: 'peer', addresses }, links, routes: [...connected(links), ...ways], firewall: OPEN };
  }

  /** It has every address that is on no LAN, and a route back to public ones only. */
  internet({ name, addresses }: NodeFact, targets: readonly string[]): AssumedNode {
    const lans = [...this.#hostLinks().flatMap((one) => one.addresses.map(subnetOf)), ...this.#subnets()];
    const known = (this.#facts.nodes ?? []).filter((node) => node.name !== name).flatMap((node) => node.addresses);
    const far = targets.filter(
      (target) => familyOf(target) && !known.includes(target) && !lans.some((lan) => contains(lan, target)),
    );
    const all = [...new Set([...addresses, ...far])];
    const own = all.map((address) => `${address}/${familyOf(address) === 6 ? 128 : 32}`);
    const ways = this.#waysOut();
    const near = ways.map(({ provider, outer }) => `${provider}/${prefixLength(outer)}`);
    const links = [{ ...plainLink(1, ROUTER_UPLINK), addresses: [...near, ...own] }];
    const back = this.#subnets()
      .filter((subnet) => !isPrivate(bare(subnet)))
      .flatMap((subnet) => {
        const way = ways.find(({ outer }) => familyOf(outer) === familyOf(subnet));
        return way ? [plainRoute(subnet, { via: bare(way.outer), device: ROUTER_UPLINK })] : [];
      });
    return {
      node: { name, kind: 'internet', addresses: [...all, ...ways.map(({ provider }) => provider)] },
      links,
      routes: [...connected(links), ...back],
      firewall: OPEN,
    };
  }

  /** The next hop of the router's default route in each family, and the router's own address on that link. */
  #waysOut(): readonly { readonly provider: string; readonly outer: string }[] {
    const { nodes = [], links = {}, routes = {} } = this.#facts;
    const gateway = nodes.find(({ kind }) => kind === 'gateway')?.name ?? '';
    return FAMILIES.map((family) => {
      const [first] = defaultRoutes(routes[gateway] ?? [], family);
      const own = links[gateway]?.find(({ name }) => name === first?.device)?.addresses;
      const outer = own?.find((one) => first?.via !== undefined && contains(subnetOf(one), first.via));
      return first?.via === undefined || outer === undefined
        ? { provider: PROVIDER[family], outer: OUTER[family] }
        : { provider: first.via, outer };
    });
  }

  #hostLinks(): readonly Link[] {
    const parents = new Set(this.#networks().map(({ parent }) => parent));
    return (this.#facts.links?.[this.#host?.name ?? ''] ?? []).filter(({ name }) => parents.has(name));
  }

  #networks(): readonly NetworkFact[] {
    return (this.#facts.networks ?? []).filter(({ driver, parent }) => driver !== 'bridge' && parent !== undefined);
  }

  #subnets(): readonly string[] {
    return this.#networks().flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet));
  }

  #gatewayAddresses(): readonly string[] {
    return (this.#facts.nodes ?? []).find(({ kind }) => kind === 'gateway')?.addresses ?? [];
  }
}
