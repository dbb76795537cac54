import type { NetworkState } from '../../network/network-state.js';
import { sh } from '../../shell.js';
import { on, type Remedy } from '../cause.js';
import type { TaggedNetwork } from '../symptoms/vlan.js';
import { recreateNetwork } from './create-network.js';

/** A port of a switch that takes commands. */
interface ManagedPort {
  readonly node: string;
  readonly port: string;
}

/** The switch port that leads to the host; `undefined` where it is not known. */
export function switchPort({ names }: NetworkState): ManagedPort | undefined {
  const { name, ports } = names.switch ?? {};
  const port = ports?.find(({ node }) => node === names.hostName)?.device;
  return name === undefined || port === undefined ? undefined : { node: name, port };
}

/** Lets the switch port carry the VLANs of these networks, as far as their subnets are on them. */
export function carryVlan(networks: readonly TaggedNetwork[], port: ManagedPort | undefined): Remedy {
  const tags = networks.flatMap(({ tagging }) => (tagging.elsewhere ? [] : (tagging.tag ?? [])));
  return {
    title:
      "Let the switch port carry the VLAN tagged (a trunk with that VLAN allowed; on a hypervisor: VLAN 4095, or the bridge port's list of trunks)",
    use: port && tags.length === networks.length ? 'run' : 'advice',
    changes: tags.map((tag) =>
      port
        ? { kind: 'vlan', on: port.node, do: 'add', port: port.port, vlan: tag }
        : on('switch', sh`# port of the Docker host: trunk, VLAN ${tag} tagged`),
    ),
  };
}

/** Advice to recreate a network on the VLAN its subnet is on; on the untagged parent where that is not known. */
export function toRightVlan({ network, tagging: { lower, elsewhere, arriving } }: TaggedNetwork): Remedy {
  const right = elsewhere ? elsewhere.tag : arriving;
  const parent = right === undefined ? lower : `${lower}.${right}`;
  const title =
    (elsewhere ?? arriving)
      ? 'Recreate the network on the VLAN its subnet is on'
      : 'Recreate the network on the untagged parent, where the switch port is an access port';
  return recreateNetwork(title, network, { parent });
}
