import { z } from 'zod';
import { containerSubnets, defineFault, step } from './fault.js';
import { familyOf } from '../ip.js';

export const hostOutputEgressKillswitch = defineFault({
  id: 'host-output-egress-killswitch',
  title: 'Let nothing but LAN traffic leave the host via the parent, as a VPN kill-switch does',
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const local = [...plan.site.lan.filter((subnet) => familyOf(subnet) === 4), ...containerSubnets(plan, undefined)];
    const destinations = [...new Set(local)].join(', ');
    return [
      step(
        'host',
        "nft add table ip killswitch && nft add chain ip killswitch output '{ type filter hook output priority filter; policy accept; }'",
        'nft delete table ip killswitch',
      ),
      step(
        'host',
        `nft add rule ip killswitch output oifname ${plan.site.host.interface} ip daddr != '{ ${destinations} }' counter drop`,
      ),
    ];
  },
});
