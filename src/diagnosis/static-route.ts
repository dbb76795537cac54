import type { NextHop } from '../path/fib.js';
import { isDefault } from '../path/default-route.js';
import { contains, prefixLength, sameAddress } from '../ip.js';
import { advice, on, type Command, type Remedy } from './cause.js';

/** The route a gateway should have to a container subnet, and what its lookup finds now. */
export interface StaticRoute {
  readonly subnet: string;
  /** Absent where the gateway could not be looked at. */
  readonly hop: NextHop | undefined;
  /** The Docker host's address on the LAN. */
  readonly via: string;
}

interface Astray extends StaticRoute {
  readonly hop: Extract<NextHop, { kind: 'via' | 'on-link' }>;
}

function leadsAway(hop: NextHop | undefined): hop is Astray['hop'] {
  return (hop?.kind === 'via' || hop?.kind === 'on-link') && !isDefault(hop.route);
}

/** The route that forbids what should be routed, if it is a route that does. */
export function obstacle(hop: NextHop | undefined) {
  return hop?.kind === 'blocked' && 'destination' in hop.by && prefixLength(hop.by.destination) > 0
    ? hop.by
    : undefined;
}

/** Leads a container subnet home: by a new route, or by setting right what leads or forbids it now. */
export function leadHome(node: string, { subnet, hop, via }: StaticRoute): readonly Command[] {
  if (leadsAway(hop)) return [correct(node, { subnet, hop, via })];
  const route = obstacle(hop);
  const same =
    route && sameAddress(route.destination, subnet) && prefixLength(route.destination) === prefixLength(subnet);
  const add = on(
    node,
    `ip route replace ${subnet} via ${via}`,
    same ? `ip route replace ${route.type} ${subnet}` : `ip route del ${subnet} via ${via}`,
  );
  if (route && !same && contains(subnet, route.destination))
    return [
      on(node, `ip route del ${route.type} ${route.destination}`, `ip route add ${route.type} ${route.destination}`),
      add,
    ];
  if (hop?.kind === 'blocked' && 'priority' in hop.by)
    return [on(node, `ip rule del priority ${hop.by.priority}`), add];
  return [add];
}

/** A route as wide as the subnet or narrower is replaced; a wider one may be right for others and gets company. */
function correct(node: string, { hop, subnet, via }: Astray): Command {
  const { destination, metric, device } = hop.route;
  if (!contains(subnet, destination))
    return on(node, `ip route replace ${subnet} via ${via}`, `ip route del ${subnet} via ${via}`);
  const rank = metric > 0 ? ` metric ${metric}` : '';
  const before = hop.kind === 'on-link' ? `dev ${device}` : `via ${hop.gateway}`;
  return on(
    node,
    `ip route replace ${destination} via ${via}${rank}`,
    `ip route replace ${destination} ${before}${rank}`,
  );
}

/** The same static route on gateways that no run can drive. */
export function onOtherGateways(
  routes: readonly { readonly subnet: string; readonly via: string }[],
): readonly Remedy[] {
  const each = (command: (subnet: string, via: string) => string) =>
    routes.map(({ subnet, via }) => command(subnet, via));
  const azure = 'az network route-table route create -g GROUP --route-table-name TABLE -n containers';
  return [
    advice(
      'The same on OpenWrt',
      'gateway',
      each(
        (subnet, via) =>
          `uci add network route; uci set network.@route[-1].interface=lan; uci set network.@route[-1].target=${subnet}; uci set network.@route[-1].gateway=${via}; uci commit network; service network reload`,
      ),
    ),
    advice(
      'The same on MikroTik',
      'gateway',
      each((subnet, via) => `/ip route add dst-address=${subnet} gateway=${via}`),
    ),
    advice(
      'The same on pfSense / OPNsense',
      'gateway',
      each((subnet, via) => `# System > Routing: a gateway ${via} on LAN, then a static route ${subnet} by it`),
    ),
    advice(
      'The same on AWS',
      'docker',
      each(
        (subnet) =>
          `aws ec2 create-route --route-table-id RTB --destination-cidr-block ${subnet} --network-interface-id ENI && aws ec2 modify-network-interface-attribute --network-interface-id ENI --no-source-dest-check`,
      ),
    ),
    advice(
      'The same on Azure',
      'docker',
      each(
        (subnet, via) =>
          `${azure} --address-prefix ${subnet} --next-hop-type VirtualAppliance --next-hop-ip-address ${via} && az network nic update -g GROUP -n NIC --ip-forwarding true`,
      ),
    ),
    advice(
      'The same on Google Cloud, for an instance made with --can-ip-forward',
      'docker',
      each(
        (subnet, via) =>
          `gcloud compute routes create containers --destination-range=${subnet} --next-hop-address=${via}`,
      ),
    ),
  ];
}
