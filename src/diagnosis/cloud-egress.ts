import type { NetworkFact } from '../evidence/facts.js';
import { on, type Remedy } from './cause.js';

/**
 * An internet gateway translates only addresses the cloud assigned to a machine, which containers' are not. In L3S the host
 * can hide them behind its own, and then the cloud needs to know nothing of them: no route, no check, no rule.
 */
export function behindHost({ name, parent, subnets }: NetworkFact): Remedy {
  const words = subnets.map(({ subnet }) => `--subnet ${subnet}`).join(' ');
  return {
    title:
      'Or tell the cloud nothing, where containers only have to get out: recreate the network in L3S mode and masquerade on the host',
    use: 'advice',
    commands: [
      on(
        'docker',
        `docker network rm ${name} && docker network create -d ipvlan ${words} -o parent=${parent} -o ipvlan_mode=l3s ${name}`,
      ),
      ...subnets.map(({ subnet }) => {
        const rule = `POSTROUTING -s ${subnet} ! -d ${subnet} -o ${parent} -j MASQUERADE`;
        return on('host', `iptables -t nat -A ${rule}`, `iptables -t nat -D ${rule}`);
      }),
    ],
  };
}
