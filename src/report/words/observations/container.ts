import type { ContainerObservation } from '../../../diagnosis/observations/container.js';
import type { TextsOf } from './texts.js';

export const CONTAINER: TextsOf<ContainerObservation> = {
  'default-route': ({ node, via }) => `${node}: its default route is via ${via} (ip route).`,
  'no-default-route': ({ node }) => `${node}: it has no default route (ip route).`,
  'route-forbids': ({ node, route: { destination, table, type } }) =>
    `${node}: the route to ${destination} in table ${table} is ${type} (ip route show table all).`,
  'rule-forbids': ({ node, rule: { priority, action } }) => `${node}: policy rule ${priority} is ${action} (ip rule).`,
  'main-table-unused': ({ node }) => `${node}: no policy rule looks up the main table, which has a route (ip rule).`,
  'no-ipv6-address': ({ node, networks }) =>
    `${node}: it has no IPv6 address, because ${networks.join(' and ')} has no IPv6 subnet (docker network inspect).`,
  'replies-elsewhere': ({ node, address, network, other, device, destination }) =>
    `${node}: ${address} is on ${network}, and replies leave through ${device} on ${other} (ip route get ${destination} from ${address}).`,
  'group-route': ({ node, group, device }) =>
    `${node}: its route to ${group} is through ${device} (ip route get ${group}).`,
  'web-reply': ({ node, target, text }) => `${node}: the reply to a request to ${target} is "${text}".`,
};
