import type { PlatformId } from '../scenario/platforms.js';
import { on, type Command, type Remedy } from './cause.js';

/** What cloud commands are filled in with. */
export interface CloudTarget {
  readonly platform: PlatformId | undefined;
  /** The host's own address in the cloud's network, by which its network card is found. */
  readonly host: string;
  /** The containers' subnets. */
  readonly subnets: readonly string[];
  /** The subnet the host itself lives in. */
  readonly lan: string;
}

/** Providers whose commands are written out. */
type Provider = 'aws' | 'azure' | 'google' | 'openstack';

const NAMES: Readonly<Record<Provider, string>> = {
  aws: 'AWS',
  azure: 'Azure',
  google: 'Google Cloud',
  openstack: 'OpenStack',
};

/** A command with its undo. */
type Line = readonly [run: string, undo?: string];

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
    commands: commands.map(([run, undo]): Command => on('cloud', run, undo)),
  }));
}

const AWS_CARD = (host: string, query: string) =>
  `aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=${host} --query 'NetworkInterfaces[0].${query}' --output text`;
const AZURE_CARD = (host: string) =>
  `az network nic list --query "[?ipConfigurations[?privateIPAddress=='${host}']].id" -o tsv`;
const GOOGLE_INSTANCE = (host: string) =>
  `gcloud compute instances list --filter="networkInterfaces.networkIP=${host}" --format="value(name)"`;
const OPENSTACK_PORT = (host: string) => `openstack port list --fixed-ip ip-address=${host} -f value -c ID`;

/** The cloud drops what is neither from nor for the machine's own addresses, unless told that it forwards for others. */
export function allowForwarding({ platform, host, subnets }: CloudTarget): readonly Remedy[] {
  const check = (value: string) =>
    `aws ec2 modify-network-interface-attribute --network-interface-id $(${AWS_CARD(host, 'NetworkInterfaceId')}) --${value}source-dest-check`;
  const forwarding = (value: boolean) => `az network nic update --ids $(${AZURE_CARD(host)}) --ip-forwarding ${value}`;
  const pairs = subnets.map((subnet) => `--allowed-address ip-address=${subnet}`).join(' ');
  return inCloud("Let the host's network card carry addresses that are not its own", platform, {
    aws: [[check('no-'), check('')]],
    azure: [[forwarding(true), forwarding(false)]],
    google: [
      [`gcloud compute instances export $(${GOOGLE_INSTANCE(host)}) --zone=ZONE --destination=instance.yaml`],
      ["sed -i '/^canIpForward:/d' instance.yaml && echo 'canIpForward: true' >>instance.yaml"],
      [
        `gcloud compute instances update-from-file $(${GOOGLE_INSTANCE(host)}) --zone=ZONE --source=instance.yaml --most-disruptive-allowed-action=RESTART`,
      ],
    ],
    openstack: [[`openstack port set ${pairs} $(${OPENSTACK_PORT(host)})`]],
  });
}

/** The static route of the article, where the gateway is the provider's. */
export function routeToHost({ platform, host, subnets }: CloudTarget): readonly Remedy[] {
  const tables = `aws ec2 describe-route-tables --filters Name=vpc-id,Values=$(${AWS_CARD(host, 'VpcId')}) --query 'RouteTables[].RouteTableId' --output text`;
  const inEach = (command: string) => `for t in $(${tables}); do ${command}; done`;
  const card = `$(${AWS_CARD(host, 'NetworkInterfaceId')})`;
  const each = (line: (subnet: string, name: string) => Line) =>
    subnets.map((subnet) => line(subnet, `containers-${subnet.replaceAll(/[./:]/g, '-')}`));
  return inCloud('Route the container subnets to the host, in the route table of every subnet', platform, {
    aws: each((subnet) => [
      inEach(
        `aws ec2 create-route --route-table-id $t --destination-cidr-block ${subnet} --network-interface-id ${card}`,
      ),
      inEach(`aws ec2 delete-route --route-table-id $t --destination-cidr-block ${subnet}`),
    ]),
    azure: each((subnet, name) => [
      `az network route-table route create -g GROUP --route-table-name TABLE -n ${name} --address-prefix ${subnet} --next-hop-type VirtualAppliance --next-hop-ip-address ${host}`,
      `az network route-table route delete -g GROUP --route-table-name TABLE -n ${name}`,
    ]),
    google: each((subnet, name) => [
      `gcloud compute routes create ${name} --network=NETWORK --destination-range=${subnet} --next-hop-address=${host}`,
      `gcloud compute routes delete ${name}`,
    ]),
    openstack: each((subnet) => [
      `openstack router add route --route destination=${subnet},gateway=${host} ROUTER`,
      `openstack router remove route --route destination=${subnet},gateway=${host} ROUTER`,
    ]),
  });
}

/** Rules name sources and destinations: the containers' addresses have to be among them, on both sides. */
export function openGroups({ platform, host, subnets, lan }: CloudTarget): readonly Remedy[] {
  const group = (verb: string, cidr: string) =>
    `aws ec2 ${verb}-security-group-ingress --group-id $(${AWS_CARD(host, 'Groups[0].GroupId')}) --protocol -1 --cidr ${cidr}`;
  const acl = `$(aws ec2 describe-network-acls --filters Name=association.subnet-id,Values=$(${AWS_CARD(host, 'SubnetId')}) --query 'NetworkAcls[0].NetworkAclId' --output text)`;
  const entry = (cidr: string, number: number, way: string): Line => [
    `aws ec2 create-network-acl-entry --network-acl-id ${acl} --${way} --rule-number ${number} --protocol -1 --cidr-block ${cidr} --rule-action allow`,
    `aws ec2 delete-network-acl-entry --network-acl-id ${acl} --${way} --rule-number ${number}`,
  ];
  const cidrs = [lan, ...subnets];
  return inCloud('Let the containers be reached: their subnets belong into every rule the host is in', platform, {
    aws: [
      ...cidrs.map((cidr): Line => [group('authorize', cidr), group('revoke', cidr)]),
      ...subnets.flatMap((cidr, index) => ['ingress', 'egress'].map((way) => entry(cidr, 40 + index, way))),
    ],
    azure: [
      [
        `az network nsg rule create -g GROUP --nsg-name NSG -n containers --priority 200 --direction Inbound --access Allow --protocol '*' --source-address-prefixes ${lan} --destination-address-prefixes ${subnets.join(' ')} --destination-port-ranges '*'`,
        'az network nsg rule delete -g GROUP --nsg-name NSG -n containers',
      ],
    ],
    google: [
      [
        `gcloud compute firewall-rules create containers --network=NETWORK --direction=INGRESS --allow=all --source-ranges=${cidrs.join(',')} --destination-ranges=${subnets.join(',')}`,
        'gcloud compute firewall-rules delete containers',
      ],
    ],
    openstack: cidrs.map((cidr): Line => [
      `openstack security group rule create --ingress --protocol any --remote-ip ${cidr} GROUP`,
    ]),
  });
}

/** Addresses the cloud knows as the machine's own are carried without further ado, and an internet gateway translates them. */
export function assignAddresses(
  { platform, host }: Pick<CloudTarget, 'platform' | 'host'>,
  addresses: readonly string[],
): readonly Remedy[] {
  const card = `$(${AWS_CARD(host, 'NetworkInterfaceId')})`;
  const list = addresses.join(' ');
  const aliases = (value: string) =>
    `gcloud compute instances network-interfaces update $(${GOOGLE_INSTANCE(host)}) --zone=ZONE --aliases="${value}"`;
  return inCloud("Assign the containers' addresses to the host's network card", platform, {
    aws: [
      [
        `aws ec2 assign-private-ip-addresses --network-interface-id ${card} --private-ip-addresses ${list}`,
        `aws ec2 unassign-private-ip-addresses --network-interface-id ${card} --private-ip-addresses ${list}`,
      ],
    ],
    azure: addresses.map((address, index): Line => [
      `az network nic ip-config create -g GROUP --nic-name NIC -n container-${index} --private-ip-address ${address}`,
      `az network nic ip-config delete -g GROUP --nic-name NIC -n container-${index}`,
    ]),
    google: [[aliases(addresses.map((address) => `${address}/32`).join(';')), aliases('')]],
    openstack: [
      [
        `openstack port set ${addresses.map((address) => `--allowed-address ip-address=${address}`).join(' ')} $(${OPENSTACK_PORT(host)})`,
      ],
    ],
  });
}
