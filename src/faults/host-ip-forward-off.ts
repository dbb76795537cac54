import { z } from 'zod';
import { defineFault, step } from './fault.js';

export const hostIpForwardOff = defineFault({
  id: 'host-ip-forward-off',
  title: "Turn the host's IPv4 forwarding off",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: () => [step('host', 'sysctl -q -w net.ipv4.ip_forward=0', 'sysctl -q -w net.ipv4.ip_forward=1')],
});
