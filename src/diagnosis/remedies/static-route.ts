import type { NextHop } from '../../network/fib.js';
import { isDefault } from '../../network/default-route.js';
import { contains, prefixLength, sameAddress } from '../../ip.js';
import { placeholder, embedded, sh, type ShellCommand } from '../../shell.js';
import { awsDestination, cloudName } from './cloud-name.js';
import { advice, on, type Command, type Remedy } from '../cause.js';

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
    sh`ip route replace ${subnet} via ${via}`,
    same ? sh`ip route replace ${route.type} ${subnet}` : sh`ip route del ${subnet} via ${via}`,
  );
  if (route && !same && contains(subnet, route.destination))
    return [
      on(
        node,
        sh`ip route del ${route.type} ${route.destination}`,
        sh`ip route add ${route.type} ${route.destination}`,
      ),
      add,
    ];
  if (hop?.kind === 'blocked' && 'priority' in hop.by)
    return [on(node, sh`ip rule del priority ${hop.by.priority}`), add];
  return [add];
}

/** A route as wide as the subnet or narrower is replaced; a wider one may be right for others and gets company. */
function correct(node: string, { hop, subnet, via }: Astray): Command {
  const { destination, metric } = hop.route;
  if (!contains(subnet, destination))
    return on(node, sh`ip route replace ${subnet} via ${via}`, sh`ip route del ${subnet} via ${via}`);
  const rank = metric > 0 ? [sh`metric ${metric}`] : [];
  const before = hop.kind === 'on-link' ? sh`dev ${hop.device}` : sh`via ${hop.gateway}`;
  return on(
    node,
    sh`ip route replace ${destination} via ${via} ${rank}`,
    sh`ip route replace ${destination} ${before} ${rank}`,
  );
}

/** The same static route on gateways that no run can drive. */
export function onOtherGateways(
  routes: readonly { readonly subnet: string; readonly via: string }[],
): readonly Remedy[] {
  const each = (title: string, node: string, command: (subnet: string, via: string) => ShellCommand) =>
    advice(
      title,
      node,
      routes.map(({ subnet, via }) => command(subnet, via)),
    );
  return [
    each('The same on OpenWrt', 'gateway', onOpenWrt),
    // RouterOS and the pages of pfSense are no shells: what they take holds no syntax of theirs.
    each(
      'The same on MikroTik',
      'gateway',
      (subnet, via) => sh`/ip route add dst-address=${embedded`${subnet}`} gateway=${embedded`${via}`}`,
    ),
    each(
      'The same on pfSense / OPNsense',
      'gateway',
      (subnet, via) => sh`# System > Routing: a gateway ${via} on LAN, then a static route ${subnet} by it`,
    ),
    each('The same on AWS', 'docker', onAws),
    each('The same on Azure', 'docker', onAzure),
    each(
      'The same on Google Cloud, for an instance made with --can-ip-forward',
      'docker',
      (subnet, via) =>
        sh`gcloud compute routes create ${cloudName(subnet)} --destination-range=${subnet} --next-hop-address=${via}`,
    ),
  ];
}

function onOpenWrt(subnet: string, via: string): ShellCommand {
  const set = (option: ShellCommand) => sh`uci set network.@route[-1].${option}`;
  return sh`uci add network route; ${set(sh`interface=lan`)}; ${set(sh`target=${subnet}`)}; ${set(sh`gateway=${via}`)}; uci commit network; service network reload`;
}

function onAws(subnet: string): ShellCommand {
  const card = placeholder('ENI');
  const route = sh`aws ec2 create-route --route-table-id ${placeholder('RTB')} ${awsDestination(subnet)} --network-interface-id ${card}`;
  return sh`${route} && aws ec2 modify-network-interface-attribute --network-interface-id ${card} --no-source-dest-check`;
}

function onAzure(subnet: string, via: string): ShellCommand {
  const group = placeholder('GROUP');
  const route = sh`az network route-table route create -g ${group} --route-table-name ${placeholder('TABLE')} -n ${cloudName(subnet)}`;
  return sh`${route} --address-prefix ${subnet} --next-hop-type VirtualAppliance --next-hop-ip-address ${via} && az network nic update -g ${group} -n ${placeholder('NIC')} --ip-forwarding true`;
}
