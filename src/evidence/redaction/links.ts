import type { Evidence } from '../evidence.js';
import type { PerNode } from '../facts.js';

/**
 * Names that the kernel, systemd, Docker or another program gives to an interface, and words for its part in a network. All
 * others are the choice of an administrator and may name a company.
 */
const USUAL = new RegExp(
  `^(?:${[
    'lo|if\\d+|all|default',
    '(?:en|wl|ww|ib|sl)(?:P\\d+)?(?:[opsdcvaibX]\\d+)+(?:f\\d+)?(?:[dn][ps]?\\d+)*',
    '(?:eth|wlan|wwan|usb|ib|bond|team|br|virbr|lxcbr|lxdbr|vmbr|docker|podman|cni|cbr|flannel|dummy|tun|tap|wg|ppp)\\d*',
    '(?:vlan|vxlan|vnet|vrf|ip6tnl|tunl|sit|gre|gretap|erspan|macvlan|ipvlan|macvtap|ipvtap|ifb|bat|mesh|can|tailscale|zt)\\d*',
    '(?:lan|wan|wifi|uplink|shim|internet|gateway|host|docker_gwbridge)\\d*',
    '(?:veth|br-|di-|dm-)[0-9a-f]{1,12}',
  ].join('|')})(?:\\.\\d{1,4})?[*+]?$`,
);

/** Keys of evidence and result whose text is the name of an interface. */
export const LINK_KEYS = new Set([
  'device',
  'inDevice',
  'outDevice',
  'parent',
  'interface',
  'controller',
  'lower',
  'wireless',
  'activeLeg',
]);

/** Text in the place of an interface that is not one: `1:10` is a class of a queue. */
const NOT_A_LINK = /^[0-9a-f]*:[0-9a-f]*$|^$/;

/** Whether an interface's name tells nothing about its owner. */
export function isUsualLink(name: string): boolean {
  return USUAL.test(name) || NOT_A_LINK.test(name);
}

/** An interface that systemd named after its MAC address. */
export const NAMED_BY_MAC = /^(enx|wlx|wwx)([0-9a-f]{12})(\.\d{1,4})?$/i;

/** Every unusual name of an interface in some evidence. */
export function linkNames(evidence: readonly Evidence[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { facts } of evidence) {
    const links = Object.values(facts.links ?? {}).flat();
    for (const { name, lower, controller } of links) add(found, name, lower, controller);
    for (const { parent } of facts.networks ?? []) add(found, parent);
    for (const [device] of Object.values(facts.counters ?? {}).flatMap(({ txDropped }) => Object.entries(txDropped)))
      add(found, device);
    for (const { device } of devices(facts)) add(found, device);
    for (const { inDevice, outDevice } of Object.values(facts.rules ?? {}).flat()) add(found, inDevice, outDevice);
  }
  return found;
}

function devices({ routes, neighbours, linkFilters, queues, captures = [] }: Evidence['facts']) {
  const perNode: readonly (PerNode<readonly Located[]> | undefined)[] = [routes, neighbours, linkFilters, queues];
  return [...perNode.flatMap((fact) => Object.values(fact ?? {}).flat()), ...captures];
}

interface Located {
  readonly device: string | undefined;
}

function add(found: Set<string>, ...names: readonly (string | undefined)[]): void {
  for (const name of names)
    if (name !== undefined && !isUsualLink(name) && !NAMED_BY_MAC.test(name)) found.add(withoutVlan(name));
}

function withoutVlan(name: string): string {
  return name.replace(/\.\d{1,4}$/, '');
}

/**
 * Renames interfaces. Usual names stay; of others the number at the end stays, and the VLAN, so that `acme0`, `acme0.30` and
 * the wildcard `acme*` still belong together.
 */
export class LinkBook {
  readonly #stems: Map<string, string>;
  readonly #mac: (mac: string) => string;

  /** @param mac renames a MAC address with colons */
  constructor(names: Iterable<string>, mac: (mac: string) => string) {
    const stems = [...new Set([...names].map((name) => parts(name).stem))].sort();
    this.#stems = new Map(stems.map((stem, at) => [stem, token(at)]));
    this.#mac = mac;
  }

  rename(name: string): string {
    const [, kind = '', hex = '', vlan = ''] = NAMED_BY_MAC.exec(name) ?? [];
    if (hex) return `${kind}${this.#mac(withColons(hex)).replaceAll(':', '')}${vlan}`;
    if (isUsualLink(name)) return name;
    const { stem, rest } = parts(name);
    const known = this.#stems.get(stem) ?? token(this.#stems.size);
    this.#stems.set(stem, known);
    return `${known}${rest}`;
  }
}

/** Of one width, so that none begins another. */
function token(at: number): string {
  return `link${String(at + 1).padStart(2, '0')}`;
}

function parts(name: string): { readonly stem: string; readonly rest: string } {
  const [, stem = name, digits = '', end = ''] = /^(.*?)(\d{0,4})((?:\.\d{1,4})?[*+]?)$/.exec(name) ?? [];
  return { stem, rest: `${digits && `-${digits}`}${end}` };
}

export function withColons(hex: string): string {
  return (hex.match(/../g) ?? []).join(':');
}
