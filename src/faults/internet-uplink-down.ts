import { z } from 'zod';
import { defineFault, step } from './fault.js';
import { UPLINK_ADDRESSES, UPLINK_DEFAULTS } from '../topology/site-links.js';

export const internetUplinkDown = defineFault({
  id: 'internet-uplink-down',
  title: "Set the gateway's uplink down",
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: () => [
    step(
      'gateway',
      'ip link set wan0 down',
      ['ip link set wan0 up', ...UPLINK_ADDRESSES, ...UPLINK_DEFAULTS.map((route) => `ip ${route}`)].join(' && '),
    ),
  ],
});
