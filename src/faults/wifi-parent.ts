import { z } from 'zod';
import { defineFault } from './fault.js';
import { fromHost, HOST_MAC, switchFilter, toHost, UNICAST } from './switch-filter.js';

export const wifiParent = defineFault({
  id: 'wifi-parent',
  title: 'Forward only one MAC address from and to the host, as an access point does for a station',
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: (plan) => [
    switchFilter(plan, 'wifi-parent', [
      `${fromHost(plan)} ether saddr != ${HOST_MAC} drop`,
      `${toHost(plan)} ether daddr != ${HOST_MAC} ${UNICAST} drop`,
    ]),
  ],
});
