import type { AskedNetwork } from '../evidence/facts.js';
import { familyOf } from '../ip.js';

/** The `docker network create` that makes a network as it should have been. */
export function createNetwork(network: AskedNetwork, right: Partial<AskedNetwork> = {}): string {
  const { name, driver, mode, flag, parent, internal, subnets, options } = { ...network, ...right };
  const known: Readonly<Record<string, string | undefined>> = {
    parent: driver === 'bridge' ? undefined : parent,
    [`${driver}_mode`]: mode,
    ipvlan_flag: driver === 'ipvlan' ? flag : undefined,
  };
  const others = Object.entries(options).filter(([key]) => !/^(parent|(ip|mac)vlan_(mode|flag))$/.test(key));
  return [
    `docker network create -d ${driver}`,
    ...(internal ? ['--internal'] : []),
    ...(subnets.some(({ subnet }) => familyOf(subnet) === 6) ? ['--ipv6'] : []),
    ...subnets.map(
      ({ subnet, gateway }) => `--subnet ${subnet}${gateway === undefined ? '' : ` --gateway ${gateway}`}`,
    ),
    ...[...Object.entries(known), ...others].flatMap(([key, value]) =>
      value === undefined ? [] : [`-o ${key}=${value}`],
    ),
    name,
  ].join(' ');
}

/** The same for a network that stands and has to go first. Its containers have to be made anew after that. */
export function recreateNetwork(network: AskedNetwork, right: Partial<AskedNetwork> = {}): string {
  return `docker network rm ${network.name} && ${createNetwork(network, right)}`;
}
