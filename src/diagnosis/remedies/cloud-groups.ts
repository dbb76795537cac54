import { contains, familyOf } from '../../ip.js';
import { embedded, placeholder, sh, type ShellCommand } from '../../shell.js';
import type { Remedy } from '../cause.js';
import { awsCard, GROUP, inCloud, NETWORK, type CloudTarget, type Line } from './cloud-commands.js';
import { cloudName } from './cloud-name.js';
import type { Traffic } from './traffic.js';

/** What one rule allows: from one source to one destination, to one port. */
interface Entry extends Pick<Traffic, 'protocol' | 'port' | 'family'> {
  readonly source: string;
  readonly destination: string;
}

/**
 * Allows the failed checks in the filters in front of network cards, and nothing else. Security groups are stateful, so a rule
 * for the request is enough. Network ACLs (AWS) are stateless, and need a rule for the reply as well.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */
export function openGroups({ platform, host, subnets, traffic }: CloudTarget): readonly Remedy[] {
  const entries = traffic.filter(({ part }) => part === 'request').flatMap(entriesOf);
  const acls = entries.flatMap((entry, index) => inAcl(entry, { host, subnets, number: 40 + 2 * index }));
  return inCloud('Allow what the failed checks send, in every filter of the host', platform, {
    aws: [...entries.map((entry) => inAwsGroup(entry, host)), ...acls],
    azure: entries.map(inAzureGroup),
    google: entries.map(inGoogleFirewall),
    openstack: entries.map(inOpenstackGroup),
  });
}

function entriesOf({ sources, destinations, ...what }: Traffic): readonly Entry[] {
  return sources.flatMap((source) =>
    destinations.map((destination) => ({ ...what, source: subnet(source), destination: subnet(destination) })),
  );
}

function subnet(address: string): string {
  return address.includes('/') ? address : `${address}/${familyOf(address) === 6 ? 128 : 32}`;
}

/** Type of an echo request (RFC 792, RFC 4443). */
function echoRequest({ family }: Pick<Entry, 'family'>): number {
  return family === 6 ? 128 : 8;
}

/** A rule of ICMP names a type and a code in place of two ports; -1 is every code. */
function inAwsGroup(entry: Entry, host: string): Line {
  const { protocol, port, family, source } = entry;
  const range = family === 6 ? embedded`Ipv6Ranges=[{CidrIpv6=${source}}]` : embedded`IpRanges=[{CidrIp=${source}}]`;
  const rule =
    port === undefined
      ? embedded`IpProtocol=${family === 6 ? 'icmpv6' : 'icmp'},FromPort=${echoRequest(entry)},ToPort=-1,${range}`
      : embedded`IpProtocol=${protocol},FromPort=${port},ToPort=${port},${range}`;
  const inGroup = sh`--group-id ${awsCard(host, 'Groups[0].GroupId')} --ip-permissions ${rule}`;
  return [
    sh`aws ec2 authorize-security-group-ingress ${inGroup}`,
    sh`aws ec2 revoke-security-group-ingress ${inGroup}`,
  ];
}

interface Acl {
  readonly host: string;
  readonly subnets: readonly string[];
  /** Number of its first rule; each entry takes one number. */
  readonly number: number;
}

/** Ports that replies go to: clients use ports from here on. */
const CLIENT_PORTS = embedded`From=1024,To=65535`;

function inAcl(entry: Entry, { host, subnets, number }: Acl): readonly Line[] {
  const { family, port, protocol, source, destination } = entry;
  const leaves = subnets.some((one) => contains(one, source));
  const [there, back] = leaves ? [sh`--egress`, sh`--ingress`] : [sh`--ingress`, sh`--egress`];
  const filter = sh`Name=association.subnet-id,Values=${awsCard(host, 'SubnetId')}`;
  const acl = sh`$(aws ec2 describe-network-acls --filters ${filter} --query 'NetworkAcls[0].NetworkAclId' --output text)`;
  const far = leaves ? destination : source;
  const block = family === 6 ? sh`--ipv6-cidr-block ${far}` : sh`--cidr-block ${far}`;
  const icmp = (type: number) =>
    sh`--protocol ${family === 6 ? 58 : 1} --icmp-type-code ${embedded`Type=${type},Code=-1`}`;
  const [request, reply] =
    port === undefined
      ? [icmp(echoRequest(entry)), icmp(family === 6 ? 129 : 0)]
      : [
          sh`--protocol ${protocol} --port-range ${embedded`From=${port},To=${port}`}`,
          sh`--protocol ${protocol} --port-range ${CLIENT_PORTS}`,
        ];
  const line = (way: ShellCommand, what: ShellCommand): Line => [
    sh`aws ec2 create-network-acl-entry --network-acl-id ${acl} ${way} --rule-number ${number} ${what} ${block} --rule-action allow`,
    sh`aws ec2 delete-network-acl-entry --network-acl-id ${acl} ${way} --rule-number ${number}`,
  ];
  return [line(there, request), line(back, reply)];
}

function nameOf({ destination, protocol, port }: Entry, index: number): string {
  return cloudName(destination, [protocol, ...(port === undefined ? [] : [port]), index + 1].join('-'));
}

function inAzureGroup(entry: Entry, index: number): Line {
  const { protocol, port, source, destination } = entry;
  const name = protocol.charAt(0).toUpperCase() + protocol.slice(1);
  const inGroup = sh`-g ${GROUP} --nsg-name ${placeholder('NSG')} -n ${nameOf(entry, index)}`;
  const ports = port === undefined ? sh`'*'` : sh`${port}`;
  return [
    sh`az network nsg rule create ${inGroup} --priority ${200 + index} --direction Inbound --access Allow --protocol ${name} --source-address-prefixes ${source} --destination-address-prefixes ${destination} --destination-port-ranges ${ports}`,
    sh`az network nsg rule delete ${inGroup}`,
  ];
}

function inGoogleFirewall(entry: Entry, index: number): Line {
  const { protocol, port, family, source, destination } = entry;
  const allowed = port === undefined ? (family === 6 ? '58' : 'icmp') : `${protocol}:${port}`;
  return [
    sh`gcloud compute firewall-rules create ${nameOf(entry, index)} --network=${NETWORK} --direction=INGRESS --allow=${allowed} --source-ranges=${source} --destination-ranges=${destination}`,
    sh`gcloud compute firewall-rules delete ${nameOf(entry, index)}`,
  ];
}

function inOpenstackGroup(entry: Entry): Line {
  const { protocol, port, family, source } = entry;
  const what =
    port === undefined
      ? sh`--protocol ${family === 6 ? 'ipv6-icmp' : 'icmp'} --icmp-type ${echoRequest(entry)}`
      : sh`--protocol ${protocol} --dst-port ${port}`;
  const ether = family === 6 ? sh`--ethertype IPv6` : sh`--ethertype IPv4`;
  return [sh`openstack security group rule create --ingress ${ether} ${what} --remote-ip ${source} ${GROUP}`];
}
