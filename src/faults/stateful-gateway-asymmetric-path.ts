import { z } from 'zod';
import { defineFault, step } from './fault.js';

const TABLE = 'ip site_stateful';

export const statefulGatewayAsymmetricPath = defineFault({
  id: 'stateful-gateway-asymmetric-path',
  title: 'Have the gateway drop what belongs to no connection it has seen begin',
  needsDisposableHost: false,
  parameters: z.strictObject({}),
  commands: () => [
    step(
      'gateway',
      `nft 'add table ${TABLE}; add chain ${TABLE} forward { type filter hook forward priority 0; }; add rule ${TABLE} forward ct state invalid counter drop'`,
      `nft delete table ${TABLE}`,
    ),
  ],
});
