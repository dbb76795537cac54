import { outsideModel, type Applied } from '../applied.js';
import { familyOf } from '../../../ip.js';
import { operands, sh, type ShellCommand, type Word } from '../../../shell.js';
import { on, type Command } from '../../command.js';

/** Connects a container to a Docker network, or disconnects it. */
export interface MembershipChange {
  readonly kind: 'membership';
  readonly do: 'connect' | 'disconnect';
  readonly container: string;
  readonly network: string;
  /** The address it is to have there; Docker chooses one when absent. */
  readonly address?: string | undefined;
  /** Of a container's networks, the one with the highest priority gives it the default route. From Docker 28 on. */
  readonly gatewayPriority?: number | undefined;
  /** Sysctls of its link there, with `IFNAME` for its name. From Docker 27 on. */
  readonly sysctls?: readonly string[] | undefined;
}

export function renderMembership({ do: action, ...change }: MembershipChange): readonly Command[] {
  const { network, container } = change;
  const run = action === 'disconnect' ? sh`docker network disconnect ${operands(network, container)}` : connect(change);
  return [on('docker', run)];
}

function connect({
  network,
  container,
  address,
  gatewayPriority,
  sysctls = [],
}: Omit<MembershipChange, 'do'>): ShellCommand {
  const options: readonly Word[] = [
    ...(gatewayPriority === undefined ? [] : [sh`--gw-priority ${gatewayPriority}`]),
    ...(sysctls.length === 0 ? [] : [sh`--driver-opt ${`com.docker.network.endpoint.sysctls=${sysctls.join(',')}`}`]),
    ...(address === undefined ? [] : [familyOf(address) === 6 ? sh`--ip6 ${address}` : sh`--ip ${address}`]),
  ];
  return sh`docker network connect ${options} ${operands(network, container)}`;
}

/** Docker chooses the order of links and routes. */
export function applyMembership(): Applied {
  return outsideModel('membership');
}
