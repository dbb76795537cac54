import type { PlatformId } from '../../scenario/platforms.js';
import { embedded, placeholder, sh, type ShellCommand } from '../../shell.js';
import { on, type Command, type Remedy } from '../cause.js';
import { awsDestination, cloudName } from './cloud-name.js';
import type { Traffic } from './traffic.js';

/** What cloud commands are filled in with. */
export interface CloudTarget {
  readonly platform: PlatformId | undefined;
  /** The Docker host's node. */
  readonly node: string;
  /** The host's own address in the cloud's network, by which its network card is found. */
  readonly host: string;
  /** The containers' subnets. */
  readonly subnets: readonly string[];
  /** What the failed checks send, on its way to its target. */
  readonly traffic: readonly Traffic[];
}

/** Providers with commands of their own. */
type Provider = 'aws' | 'azure' | 'google' | 'openstack';

const NAMES: Readonly<Record<Provider, string>> = {
  aws: 'AWS',
  azure: 'Azure',
  google: 'Google Cloud',
  openstack: 'OpenStack',
};

/** A command with its undo. */
export type Line = readonly [run: ShellCommand, undo?: ShellCommand];

/** One remedy for the provider the host runs on; for each of them where that is another, or not known. */
export function inCloud(
  title: string,
  platform: PlatformId | undefined,
  lines: Readonly<Partial<Record<Provider, readonly Line[]>>>,
): readonly Remedy[] {
  const all = Object.entries(lines) as [Provider, readonly Line[]][];
  const own = all.filter(([provider]) => provider === platform);
  return (own.length > 0 ? own : all).map(([provider, commands]) => ({
    title: `${title} (${NAMES[provider]})`,
    use: 'advice',
    changes: commands.map(([run, undo]): Command => on('cloud', run, undo)),
  }));
}

export const GROUP = placeholder('GROUP');
export const NETWORK = placeholder('NETWORK');

export function awsCard(
  host: string,
  query: 'NetworkInterfaceId' | 'VpcId' | 'SubnetId' | 'Groups[0].GroupId',
): ShellCommand {
  const filter = embedded`Name=addresses.private-ip-address,Values=${host}`;
  return sh`$(aws ec2 describe-network-interfaces --filters ${filter} --query ${`NetworkInterfaces[0].${query}`} --output text)`;
}

function azureCard(host: string): ShellCommand {
  const query = embedded`[?ipConfigurations[?privateIPAddress=='${host}']].id`;
  return sh`$(az network nic list --query ${query} -o tsv)`;
}

function googleInstance(host: string): ShellCommand {
  const filter = embedded`networkInterfaces.networkIP=${host}`;
  const value = (field: 'name' | 'zone') =>
    sh`$(gcloud compute instances list --filter=${filter} --format=${`value(${field})`})`;
  return sh`${value('name')} --zone=${value('zone')}`;
}

function openstackPort(host: string): ShellCommand {
  return sh`$(openstack port list --fixed-ip ${embedded`ip-address=${host}`} -f value -c ID)`;
}

function allowedAddresses(addresses: readonly string[], host: string): Line {
  const pairs = addresses.map((address) => sh`--allowed-address ${embedded`ip-address=${address}`}`);
  return [sh`openstack port set ${pairs} ${openstackPort(host)}`];
}

/** The cloud drops packets that are neither from nor for the machine's own addresses, unless forwarding is allowed. */
export function allowForwarding({ platform, host, subnets }: CloudTarget): readonly Remedy[] {
  const attribute = sh`aws ec2 modify-network-interface-attribute --network-interface-id ${awsCard(host, 'NetworkInterfaceId')}`;
  const forwarding = sh`az network nic update --ids ${azureCard(host)} --ip-forwarding`;
  return inCloud("Allow the host's network card to forward packets of other addresses", platform, {
    aws: [[sh`${attribute} --no-source-dest-check`, sh`${attribute} --source-dest-check`]],
    azure: [[sh`${forwarding} true`, sh`${forwarding} false`]],
    google: [
      [sh`gcloud compute instances export ${googleInstance(host)} --destination=instance.yaml`],
      [sh`sed -i '/^canIpForward:/d' instance.yaml && echo 'canIpForward: true' >>instance.yaml`],
      [
        sh`gcloud compute instances update-from-file ${googleInstance(host)} --source=instance.yaml --most-disruptive-allowed-action=RESTART`,
      ],
    ],
    openstack: [allowedAddresses(subnets, host)],
  });
}

/** The static route to the containers, where the router is the provider's. */
export function providerRouteToHost({ platform, host, subnets }: CloudTarget): readonly Remedy[] {
  const tables = sh`$(aws ec2 describe-route-tables --filters Name=vpc-id,Values=${awsCard(host, 'VpcId')} --query 'RouteTables[].RouteTableId' --output text)`;
  const inEach = (command: ShellCommand) => sh`for t in ${tables}; do ${command}; done`;
  const card = awsCard(host, 'NetworkInterfaceId');
  const inTable = sh`-g ${GROUP} --route-table-name ${placeholder('TABLE')}`;
  const router = placeholder('ROUTER');
  const each = (line: (subnet: string) => Line) => subnets.map(line);
  return inCloud('Route the container subnets to the host, in the route table of every subnet', platform, {
    aws: each((subnet) => [
      inEach(sh`aws ec2 create-route --route-table-id $t ${awsDestination(subnet)} --network-interface-id ${card}`),
      inEach(sh`aws ec2 delete-route --route-table-id $t ${awsDestination(subnet)}`),
    ]),
    azure: each((subnet) => [
      sh`az network route-table route create ${inTable} -n ${cloudName(subnet)} --address-prefix ${subnet} --next-hop-type VirtualAppliance --next-hop-ip-address ${host}`,
    ]),
    google: each((subnet) => [
      sh`gcloud compute routes create ${cloudName(subnet)} --network=${NETWORK} --destination-range=${subnet} --next-hop-address=${host}`,
      sh`gcloud compute routes delete ${cloudName(subnet)}`,
    ]),
    openstack: each((subnet) => [
      sh`openstack router add route --route ${embedded`destination=${subnet},gateway=${host}`} ${router}`,
    ]),
  });
}

/** The cloud forwards addresses that are assigned to the machine, and an internet gateway translates them. */
export function assignAddresses(
  { platform, host }: Pick<CloudTarget, 'platform' | 'host'>,
  addresses: readonly string[],
): readonly Remedy[] {
  const toCard = sh`--network-interface-id ${awsCard(host, 'NetworkInterfaceId')} --private-ip-addresses ${addresses}`;
  const aliases = sh`gcloud compute instances network-interfaces update ${googleInstance(host)}`;
  return inCloud("Assign the containers' addresses to the host's network card", platform, {
    aws: [[sh`aws ec2 assign-private-ip-addresses ${toCard}`, sh`aws ec2 unassign-private-ip-addresses ${toCard}`]],
    azure: addresses.map((address): Line => [
      sh`az network nic ip-config create -g ${GROUP} --nic-name ${placeholder('NIC')} -n ${cloudName(address, 'container')} --private-ip-address ${address}`,
    ]),
    google: [
      [sh`${aliases} --aliases=${addresses.map((address) => `${address}/32`).join(';')}`, sh`${aliases} --aliases=`],
    ],
    openstack: [allowedAddresses(addresses, host)],
  });
}
