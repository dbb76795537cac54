import { z } from 'zod';
import { defineFault, step } from './fault.js';

/** Every VLAN of the site stays on the gateway's port; the host's port becomes an access port of the untagged LAN. */
export const vlanTagMismatch = defineFault({
  id: 'vlan-tag-mismatch',
  title: "Make the host's switch port an access port, which carries no tagged VLAN",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    ...plan.site.vlans.map(({ id }) =>
      step('switch', `bridge vlan add vid ${id} dev p-gateway`, `bridge vlan del vid ${id} dev p-gateway`),
    ),
    step('switch', 'ip link set br0 type bridge vlan_filtering 1', 'ip link set br0 type bridge vlan_filtering 0'),
  ],
});
