import type { AskedNetwork } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { operands, sh, type ShellCommand, type Word } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** A subnet as it should be. What the reader has to choose is a `placeholder`. */
export interface WantedSubnet extends Omit<AskedNetwork['subnets'][number], 'subnet' | 'gateway' | 'range'> {
  readonly subnet: string | ShellCommand;
  readonly gateway: string | ShellCommand | undefined;
  readonly range?: string | ShellCommand;
}

/** What should be otherwise than a network has it; everything else stays. */
export interface NetworkOverrides extends Partial<Omit<AskedNetwork, 'subnets' | 'parent'>> {
  readonly subnets?: readonly WantedSubnet[];
  readonly parent?: string | ShellCommand | undefined;
}

type Whole = Omit<AskedNetwork, 'subnets' | 'parent'> & {
  readonly subnets: readonly WantedSubnet[];
  readonly parent: string | ShellCommand | undefined;
};

/** Creates a Docker network as it is, apart from what is wanted otherwise. */
export interface NetworkChange {
  readonly kind: 'network';
  /** `recreate` removes the network of that name first. */
  readonly do: 'create' | 'recreate';
  readonly network: AskedNetwork;
  readonly wanted: NetworkOverrides;
}

/**
 * Where the reader has to fill something in, the command that removes the network is not printed: the one that creates it
 * would fail, and the network would be gone.
 */
export function renderNetwork({ do: action, network, wanted }: NetworkChange): readonly Command[] {
  const create = createCommand(network, wanted);
  const whole = action === 'create' || create.placeholders.length > 0;
  return [on('docker', whole ? create : sh`docker network rm ${operands(network.name)} && ${create}`)];
}

/** What the reader has to fill in before a network can be created. */
export function openIn({ network, wanted }: NetworkChange): readonly string[] {
  return createCommand(network, wanted).placeholders;
}

/** The `docker network create` that makes a network as it is, apart from what is wanted otherwise. */
function createCommand(network: AskedNetwork, wanted: NetworkOverrides): ShellCommand {
  const six = [...network.subnets, ...(wanted.subnets ?? [])].some(isSix);
  const whole: Whole = { ...network, ipv6: network.ipv6 ?? six, ...wanted };
  // A network with a configuration network takes all these from it, and Docker rejects them beside it.
  const own =
    whole.configFrom === undefined
      ? [...addressing(whole), ...driverOptions(whole), ...labels(whole)]
      : [sh`--config-from ${whole.configFrom}`];
  return sh`docker network create -d ${whole.driver} ${switches(whole)} ${own} ${operands(whole.name)}`;
}

function switches({ internal, attachable, scope }: Whole): readonly Word[] {
  return [
    ...(scope === 'swarm' ? [sh`--scope swarm`] : []),
    ...(internal ? [sh`--internal`] : []),
    ...(attachable ? [sh`--attachable`] : []),
  ];
}

function addressing({ driver, mode, subnets, ipv4, ipv6, ipam }: Whole): readonly Word[] {
  // In L3 a gateway has no meaning: the host routes.
  const routed = driver === 'ipvlan' && (mode === 'l3' || mode === 'l3s');
  return [
    ...(ipv4 === false ? [sh`--ipv4=false`] : []),
    ...(ipv6 ? [sh`--ipv6`] : []),
    ...(ipam?.driver === undefined ? [] : [sh`--ipam-driver ${ipam.driver}`]),
    ...pairs(ipam?.options).map((pair) => sh`--ipam-opt ${pair}`),
    ...subnets.flatMap((one) => subnetOptions(routed ? { ...one, gateway: undefined } : one)),
  ];
}

function isSix({ subnet }: WantedSubnet): boolean {
  return typeof subnet === 'string' && familyOf(subnet) === 6;
}

function subnetOptions({ subnet, gateway, range, reserved = {} }: WantedSubnet): readonly Word[] {
  const lies = (part: string | ShellCommand) =>
    typeof subnet !== 'string' || typeof part !== 'string' || contains(subnet, part);
  const kept = Object.entries(reserved).filter(([, address]) => lies(address));
  return [
    sh`--subnet ${subnet}`,
    ...(gateway === undefined ? [] : [sh`--gateway ${gateway}`]),
    ...(range !== undefined && lies(range) ? [sh`--ip-range ${range}`] : []),
    ...kept.map(([name, address]) => sh`--aux-address ${`${name}=${address}`}`),
  ];
}

/** Docker's own dummy link is no parent to ask for. */
const DUMMY = /^d[im]-[0-9a-f]{12}$/;

function driverOptions({ driver, mode, flag, parent, options }: Whole): readonly Word[] {
  const none = driver === 'bridge' || parent === undefined || (typeof parent === 'string' && DUMMY.test(parent));
  const known = { [`${driver}_mode`]: mode, ipvlan_flag: driver === 'ipvlan' ? flag : undefined };
  const others = Object.entries(options).filter(([key]) => !/^(parent|(ip|mac)vlan_(mode|flag))$/.test(key));
  return [
    ...(none ? [] : [sh`-o parent=${parent}`]),
    ...pairs({ ...(driver === 'bridge' ? {} : known), ...Object.fromEntries(others) }).map((pair) => sh`-o ${pair}`),
  ];
}

function labels({ labels: all }: Whole): readonly Word[] {
  return pairs(all).map((pair) => sh`--label ${pair}`);
}

function pairs(all: Readonly<Record<string, string | undefined>> = {}): readonly string[] {
  return Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
}
