import type { Facts, Link } from '../../evidence/facts.js';
import { bare, familyOf } from '../../ip.js';
import { Addresses } from '../addresses.js';
import { Links } from '../links.js';
import { Names } from '../names.js';
import { withConnected } from './addresses.js';
import { linkAt, onLink, type LinkAt } from './link.js';
import { factOf, onNode } from './on-node.js';
import { withoutRoutesOn } from './routes.js';

/** Every link that is attached to a link of the host: containers' on a network with that parent, and the host's own. */
export function attachedTo(facts: Partial<Facts>, { node, device }: LinkAt): readonly LinkAt[] {
  const names = new Names(facts);
  const own = (factOf(facts, 'links', node) ?? []).filter(({ lower }) => lower === device);
  const containers = names.host?.name === node ? names.containersOn(device) : [];
  return [
    ...own.map(({ name }) => ({ node, device: name })),
    ...containers.flatMap(({ name, attachments }) => {
      const addresses = attachments.flatMap((one) =>
        names.network(one.network)?.parent === device ? one.addresses : [],
      );
      const links = (factOf(facts, 'links', name) ?? []).filter((link) =>
        link.addresses.some((address) => addresses.includes(bare(address))),
      );
      return links.map((link) => ({ node: name, device: link.name }));
    }),
  ];
}

/** Sets a link up. What is attached to it follows; routes that its addresses bring come back, no others. */
export function withLinkUp(facts: Partial<Facts>, at: LinkAt): Partial<Facts> {
  const link = linkAt(facts, at);
  if (!link || link.adminUp) return facts;
  const lower = link.lower === undefined ? undefined : linkAt(facts, { node: at.node, device: link.lower });
  // A link that is set down has no carrier: whether a cable is in shows once it is up.
  const carrier = lower?.carrier ?? true;
  const up = onLink(facts, at, (was) => ({ ...was, adminUp: true, carrier, operState: carrier ? 'UP' : 'DOWN' }));
  const routed = link.addresses.reduce((rest, address) => withConnected(rest, at, address), up);
  return carrier ? attachedTo(facts, at).reduce((rest, one) => onLink(rest, one, withCarrier), routed) : routed;
}

function withCarrier(link: Link): Link {
  return { ...link, carrier: link.adminUp, operState: link.adminUp ? 'UP' : link.operState };
}

/** Sets a link down: its routes go with it, and what is attached to it loses its carrier. */
export function withLinkDown(facts: Partial<Facts>, at: LinkAt): Partial<Facts> {
  const down = onLink(facts, at, (link) => ({
    ...link,
    adminUp: false,
    carrier: false,
    operState: 'DOWN',
    addresses: link.addresses.filter((address) => familyOf(address) === 4),
  }));
  const routed = withoutRoutesOn(down, at.node, ({ device, type, family }) => {
    return device === at.device && !(type === 'local' && family === 4);
  });
  return attachedTo(facts, at).reduce(
    (rest, one) => onLink(rest, one, (link) => ({ ...link, carrier: false, operState: 'LOWERLAYERDOWN' })),
    routed,
  );
}

/** Sets a link's MTU. IPvlan links follow their parent's; others on it are only made as small. */
export function withMtu(facts: Partial<Facts>, at: LinkAt, mtu: number): Partial<Facts> {
  const set = onLink(facts, at, (link) => ({ ...link, mtu }));
  return attachedTo(facts, at).reduce(
    (rest, one) =>
      onLink(rest, one, (link) => ({ ...link, mtu: link.kind === 'ipvlan' ? mtu : Math.min(link.mtu, mtu) })),
    set,
  );
}

export function hasLink(facts: Partial<Facts>, at: LinkAt): boolean {
  return linkAt(facts, at) !== undefined;
}

/** A mode or a flag, as one of IPvlan's parents or one macvlan link has it. */
interface TypeSetting {
  readonly driver: 'ipvlan' | 'macvlan';
  readonly set: { readonly mode: string } | { readonly flag: string };
}

/** Sets the mode or flag of a link. On IPvlan that of every link on its parent follows. */
export function withLinkType(facts: Partial<Facts>, at: LinkAt, { driver, set }: TypeSetting): Partial<Facts> {
  const parent = driver === 'ipvlan' ? parentOf(facts, at) : undefined;
  const all = parent ? attachedTo(facts, parent).filter((one) => linkAt(facts, one)?.kind === 'ipvlan') : [at];
  return all.reduce((rest, one) => onLink(rest, one, (link) => ({ ...link, ...set, ...arpOf(link, set) })), facts);
}

/** Links in L3 answer no ARP. */
function arpOf({ kind, noArp }: Link, set: TypeSetting['set']): Pick<Link, 'noArp'> {
  return kind === 'ipvlan' && 'mode' in set ? { noArp: set.mode !== 'l2' } : { noArp };
}

/** The link of the host that another is attached to. */
function parentOf(facts: Partial<Facts>, at: LinkAt): LinkAt | undefined {
  const names = new Names(facts);
  const link = linkAt(facts, at);
  if (link?.lower !== undefined) return { node: at.node, device: link.lower };
  const container = names.container(at.node);
  const addresses = new Addresses({ names, links: new Links(facts) });
  const parent = container && addresses.networkBehind(container, { device: at.device, source: '' })?.parent;
  return parent === undefined ? undefined : { node: names.hostName, device: parent };
}

/** An IPvlan or macvlan link on another, which is down and has no address. */
export function withNewLink(
  facts: Partial<Facts>,
  at: LinkAt,
  { lower, driver, mode }: { readonly lower: string; readonly driver: 'ipvlan' | 'macvlan'; readonly mode: string },
): Partial<Facts> {
  const below = linkAt(facts, { node: at.node, device: lower });
  const link: Link = {
    index: Math.max(0, ...(factOf(facts, 'links', at.node) ?? []).map(({ index }) => index)) + 1,
    name: at.device,
    adminUp: false,
    carrier: false,
    operState: 'DOWN',
    noArp: driver === 'ipvlan' && mode !== 'l2',
    mtu: below?.mtu ?? 1500,
    mac: driver === 'ipvlan' ? below?.mac : undefined,
    kind: driver,
    mode,
    flag: driver === 'ipvlan' ? 'bridge' : undefined,
    vlan: undefined,
    lower,
    controller: undefined,
    addresses: [],
  };
  const made = onNode(facts, ['links', at.node], (links) => [...links, link]);
  return driver === 'ipvlan' ? withLinkType(made, at, { driver, set: { mode } }) : made;
}
