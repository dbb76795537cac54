import { z } from 'zod';
import { bare, familyOf } from '../ip.js';
import { containerOf, defineFault, step } from './fault.js';

/** The machine announces the address, as DHCP clients do, and all hosts that had an ARP entry for the container update it. */
export const duplicateIpOnLan = defineFault({
  id: 'duplicate-ip-on-lan',
  title: "Give a container's address to a machine on the LAN too, as a DHCP server does that knows nothing of Docker",
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Whose address. Default: the first container’s.'),
    peer: z.string().optional().describe('Who gets it. Default: the first peer.'),
  }),
  commands: ({ site, ...plan }, { container, peer }) => {
    const victim = containerOf({ site, ...plan }, container);
    const other = peer ?? site.peers[0]?.name;
    const address = victim?.attachments[0]?.addresses.find((own) => familyOf(own) === 4);
    if (!victim || other === undefined || address === undefined) return [];
    const known = [site.gateway, ...site.peers.filter(({ name }) => name !== other)]
      .flatMap(({ addresses }) => addresses.map(bare))
      .filter((own) => familyOf(own) === 4);
    return [
      step(victim.name, known.map((own) => `ping -q -c 1 -W 5 ${own} >/dev/null`).join(' && ')),
      step(
        other,
        `ip addr add ${address}/32 dev eth0 && arping -q -U -c 2 -I eth0 ${address}`,
        `ip addr del ${address}/32 dev eth0`,
      ),
    ];
  },
});
