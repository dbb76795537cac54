import type { NetworkFact } from '../evidence/facts.js';
import { advice, type Remedy } from './cause.js';

/** What gives containers the host's own hardware address: the same subnets on IPvlan instead of macvlan. */
export function toIpvlan({ name, subnets, parent }: NetworkFact, mode: 'l2' | 'l3'): Remedy {
  const words = subnets.map(
    ({ subnet, gateway }) =>
      `--subnet ${mode === 'l3' ? 'SUBNET_OF_ITS_OWN' : subnet}${gateway === undefined || mode === 'l3' ? '' : ` --gateway ${gateway}`}`,
  );
  const title =
    mode === 'l2'
      ? 'Recreate the network as IPvlan L2: its containers all send from the hardware address of the parent'
      : 'Or as IPvlan L3 with a subnet of its own and a route to it on the gateway: nothing but the host is on the air';
  return advice(title, 'docker', [
    `docker network rm ${name} && docker network create -d ipvlan -o ipvlan_mode=${mode} -o parent=${parent} ${words.join(' ')} ${name}`,
  ]);
}
