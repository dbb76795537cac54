import { bare, contains, familyOf, prefixLength, sameAddress } from '../../ip.js';
import type { ContainerPlan, NetworkPlan, NodeKind, SitePlan, Target } from '../plan.js';
import { UPLINK_SUBNETS } from './settle-site.js';

/** One address of a node. */
interface OwnAddress {
  /** Without prefix length. */
  readonly address: string;
  /** The subnet on its link; for the internet's public addresses the address itself. */
  readonly subnet: string;
  /** The Docker network, for a container's. */
  readonly network: NetworkPlan | undefined;
}

export interface PlannedNode {
  readonly name: string;
  readonly kind: NodeKind;
  readonly addresses: readonly OwnAddress[];
}

/** Every node of a plan and its addresses: who is meant by a name, and who owns an address. */
export class Directory {
  readonly nodes: readonly PlannedNode[];
  readonly #names: Readonly<Record<string, readonly string[]>>;

  constructor(site: SitePlan, networks: readonly NetworkPlan[], containers: readonly ContainerPlan[]) {
    this.nodes = [...siteNodes(site), ...containers.map((container) => containerNode(container, networks))];
    this.#names = site.internet.names;
  }

  node(name: string): PlannedNode | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  /** DNS names the site's internet answers. */
  get names(): readonly string[] {
    return Object.keys(this.#names);
  }

  owner(address: string): string | undefined {
    return this.nodes.find(({ addresses }) => addresses.some((own) => sameAddress(own.address, address)))?.name;
  }

  /**
   * The target an author means by a node's name, a DNS name or an address, as `from` reaches it best: in a family both have,
   * IPv4 first, then on a network or link they share. `undefined` when nothing is called that.
   */
  target(from: PlannedNode, label: string): Target | undefined {
    const node = this.node(label);
    if (node) {
      const best = [...node.addresses].sort((a, b) => distance(from, a) - distance(from, b))[0];
      return best && { label, node: label, name: undefined, address: best.address };
    }
    if (familyOf(label) !== undefined) {
      return { label, node: this.owner(label), name: undefined, address: bare(label) };
    }
    const answers = Object.hasOwn(this.#names, label) ? (this.#names[label] ?? []) : [];
    const address = answers.find((answer) => hasFamily(from, answer)) ?? answers[0];
    return address === undefined ? undefined : { label, node: this.owner(address), name: label, address };
  }
}

export function hasFamily(node: PlannedNode, address: string): boolean {
  return node.addresses.some((own) => familyOf(own.address) === familyOf(address));
}

function distance(from: PlannedNode, { address, network }: OwnAddress): number {
  const shared = from.addresses.some((own) => contains(own.subnet, address) || (network && own.network === network));
  return (hasFamily(from, address) ? 0 : 4) + (familyOf(address) === 4 ? 0 : 2) + (shared ? 0 : 1);
}

function siteNodes(site: SitePlan): readonly PlannedNode[] {
  const onLink = (subnets: readonly string[]) => (text: string) => {
    const subnet = subnets.find((candidate) => contains(candidate, bare(text))) ?? text;
    return { address: bare(text), subnet, network: undefined };
  };
  const onLan = onLink(site.lan);
  const gatewayAddresses = [
    ...site.gateway.addresses.map(onLan),
    ...site.vlans.flatMap(({ subnets, gateways }) => gateways.map(onLink(subnets))),
  ];
  return [
    { name: 'host', kind: 'host', addresses: site.host.addresses.map(onLan) },
    { name: 'gateway', kind: 'gateway', addresses: gatewayAddresses },
    ...site.peers.map(({ name, addresses }) => ({ name, kind: 'peer' as const, addresses: addresses.map(onLan) })),
    { name: 'internet', kind: 'internet', addresses: site.internet.addresses.map(onLink(UPLINK_SUBNETS)) },
  ];
}

function containerNode({ name, attachments }: ContainerPlan, networks: readonly NetworkPlan[]): PlannedNode {
  const addresses = attachments.flatMap((attachment) => {
    const network = networks.find((candidate) => candidate.name === attachment.network);
    return attachment.addresses.map((address) => {
      const subnet = network?.subnets.find((candidate) => contains(candidate.subnet, address))?.subnet;
      return { address, subnet: subnet ?? `${address}/${prefixLength(address)}`, network };
    });
  });
  return { name, kind: 'container', addresses };
}
