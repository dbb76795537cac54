import type { Facts, Route } from '../../evidence/facts.js';
import { bare, familyOf, prefixLength, subnetOf } from '../../ip.js';
import { onLink, type LinkAt } from './link.js';
import { factOf } from './on-node.js';
import { withoutRoutesOn, withRouteOn } from './routes.js';

/** An address, with prefix length, on a link, and the routes it brings. */
export function withAddressOn(facts: Partial<Facts>, at: LinkAt, address: string): Partial<Facts> {
  const added = onLink(facts, at, (link) =>
    link.addresses.includes(address) ? link : { ...link, addresses: [...link.addresses, address] },
  );
  const link = factOf(added, 'links', at.node)?.find(({ name }) => name === at.device);
  return link?.adminUp ? withConnected(added, at, address) : added;
}

/** Takes an address off a link, and the routes that it brought or that prefer it; with the last of IPv4 go all routes of the link. */
export function withoutAddressOn(facts: Partial<Facts>, at: LinkAt, address: string): Partial<Facts> {
  const own = bare(address);
  const rest = onLink(facts, at, (link) => ({
    ...link,
    addresses: link.addresses.filter((one) => bare(one) !== own),
  }));
  const known = onKnownNode(rest, at.node, own);
  const left = factOf(known, 'links', at.node)?.find(({ name }) => name === at.device)?.addresses ?? [];
  const sharesSubnet = left.some((one) => subnetOf(one) === subnetOf(address));
  const isLast = familyOf(own) === 4 && !left.some((one) => familyOf(one) === 4);
  return withoutRoutesOn(known, at.node, ({ device, family, destination, type, source }) => {
    if (device !== at.device) return false;
    if (isLast && family === 4) return true;
    if (type === 'local' && bare(destination) === own) return true;
    return source === own || (!sharesSubnet && destination === subnetOf(address) && type === 'unicast');
  });
}

/** A node is no longer known by an address that no link of its has. A container stays known by what Docker gave it. */
function onKnownNode(facts: Partial<Facts>, node: string, address: string): Partial<Facts> {
  const held = (factOf(facts, 'links', node) ?? []).some((link) => link.addresses.map(bare).includes(address));
  if (held || facts.nodes === undefined) return facts;
  const nodes = facts.nodes.map((one) =>
    one.name === node && one.kind !== 'container'
      ? { ...one, addresses: one.addresses.filter((own) => own !== address) }
      : one,
  );
  return { ...facts, nodes };
}

/** The routes an address brings on a link that is up: to itself, and to its subnet. */
export function withConnected(facts: Partial<Facts>, { node, device }: LinkAt, address: string): Partial<Facts> {
  const family = familyOf(address) ?? 4;
  const own = bare(address);
  const whole = family === 6 ? 128 : 32;
  const common = { family, device, via: undefined, flags: [], metric: family === 6 ? 256 : 0 } as const;
  const local: Route = {
    ...{ ...common, metric: 0, table: 'local', type: 'local', destination: `${own}/${whole}` },
    ...{ scope: 'host', source: family === 4 ? own : undefined },
  };
  const onLinkRoute: Route = {
    ...{ ...common, table: 'main', type: 'unicast', destination: subnetOf(address) },
    ...{ scope: 'link', source: family === 4 ? own : undefined },
  };
  const known = withRouteOn(facts, node, local);
  return prefixLength(address) === whole ? known : withRouteOn(known, node, onLinkRoute);
}
