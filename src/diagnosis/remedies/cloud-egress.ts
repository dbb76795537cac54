import type { NetworkFact } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import { embedded, sh } from '../../shell.js';
import { on, type Command, type Remedy } from '../cause.js';
import { recreateNetwork } from './create-network.js';

/**
 * An internet gateway translates only addresses the cloud assigned to a machine, which containers' are not. In L3S the host
 * can hide them behind its own, and then the cloud needs to know nothing of them: no route, no check, no rule.
 */
export function behindHost(network: NetworkFact): Remedy {
  return masqueradeOnHost(
    'Or tell the cloud nothing, where containers only have to get out: recreate the network in L3S mode and masquerade on the host',
    network,
    network.subnets.map(({ subnet }) => subnet),
  );
}

/** Only in L3S: in L3 the same rule breaks the containers' own connections. */
export function masqueradeOnHost(title: string, network: NetworkFact, subnets: readonly string[]): Remedy {
  const anew = recreateNetwork(title, network, { driver: 'ipvlan', mode: 'l3s' });
  return {
    ...anew,
    commands: [...anew.commands, ...subnets.map((subnet) => masquerade(subnet, network.parent ?? ''))],
  };
}

function masquerade(subnet: string, parent: string): Command {
  const program = familyOf(subnet) === 6 ? sh`ip6tables` : sh`iptables`;
  const rule = sh`POSTROUTING -s ${subnet} ! -d ${subnet} -o ${embedded`${parent}`} -j MASQUERADE`;
  return on('host', sh`${program} -t nat -A ${rule}`, sh`${program} -t nat -D ${rule}`);
}
