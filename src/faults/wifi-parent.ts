import { z } from 'zod';
import { defineFault } from './fault.js';
import { FROM_HOST, HOST_MAC, switchFilter, TO_HOST, UNICAST } from './switch-filter.js';

export const wifiParent = defineFault({
  id: 'wifi-parent',
  title: 'Forward only one MAC address from and to the host, as an access point does for a station',
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    switchFilter(plan, 'wifi-parent', [
      `${FROM_HOST} ether saddr != ${HOST_MAC} drop`,
      `${TO_HOST} ether daddr != ${HOST_MAC} ${UNICAST} drop`,
    ]),
  ],
});
