import { embedded, placeholder, sh, type Embedded, type ShellCommand } from '../../shell.js';
import { advice, type Remedy } from '../cause.js';
import { awsDestination, cloudName } from './cloud-name.js';
import type { StaticRoute } from './static-route.js';

/** The same static route on gateways that no run can drive. */
export function onOtherGateways(gateway: string, routes: readonly StaticRoute[]): readonly Remedy[] {
  const each = (title: string, node: string, command: (subnet: string, via: StaticRoute['via']) => ShellCommand) =>
    advice(
      title,
      node,
      routes.map(({ subnet, via }) => command(subnet, via)),
    );
  return [
    each('The same on OpenWrt', gateway, onOpenWrt),
    // RouterOS and the pages of pfSense are no shells: what they take holds no syntax of theirs.
    each(
      'The same on MikroTik',
      gateway,
      (subnet, via) => sh`/ip route add dst-address=${embedded`${subnet}`} gateway=${plainly(via)}`,
    ),
    each(
      'The same on pfSense / OPNsense',
      gateway,
      (subnet, via) => sh`# System > Routing: a gateway ${via} on LAN, then a static route ${subnet} via it`,
    ),
    each('The same on AWS', 'docker', onAws),
    each('The same on Azure', 'docker', onAzure),
    each(
      'The same on Google Cloud, for an instance created with --can-ip-forward',
      'docker',
      (subnet, via) =>
        sh`gcloud compute routes create ${cloudName(subnet)} --destination-range=${subnet} --next-hop-address=${via}`,
    ),
  ];
}

function plainly(via: StaticRoute['via']): Embedded | ShellCommand {
  return typeof via === 'string' ? embedded`${via}` : via;
}

function onOpenWrt(subnet: string, via: StaticRoute['via']): ShellCommand {
  const set = (option: ShellCommand) => sh`uci set network.@route[-1].${option}`;
  return sh`uci add network route; ${set(sh`interface=lan`)}; ${set(sh`target=${subnet}`)}; ${set(sh`gateway=${via}`)}; uci commit network; service network reload`;
}

function onAws(subnet: string): ShellCommand {
  const card = placeholder('ENI');
  const route = sh`aws ec2 create-route --route-table-id ${placeholder('RTB')} ${awsDestination(subnet)} --network-interface-id ${card}`;
  return sh`${route} && aws ec2 modify-network-interface-attribute --network-interface-id ${card} --no-source-dest-check`;
}

function onAzure(subnet: string, via: StaticRoute['via']): ShellCommand {
  const group = placeholder('GROUP');
  const route = sh`az network route-table route create -g ${group} --route-table-name ${placeholder('TABLE')} -n ${cloudName(subnet)}`;
  return sh`${route} --address-prefix ${subnet} --next-hop-type VirtualAppliance --next-hop-ip-address ${via} && az network nic update -g ${group} -n ${placeholder('NIC')} --ip-forwarding true`;
}
