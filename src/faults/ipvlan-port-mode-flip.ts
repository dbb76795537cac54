import { z } from 'zod';
import { defineFault, step } from './fault.js';

/** The link made on the host, as people do to let the host reach its own containers. */
const SHIM = 'shim0';

export const ipvlanPortModeFlip = defineFault({
  id: 'ipvlan-port-mode-flip',
  title: 'Make an IPvlan link on the parent in another mode, or in none, which means L3',
  needsDisposableHost: false,
  parameters: z.strictObject({
    mode: z.enum(['l2', 'l3', 'l3s']).optional().describe('Its mode. Default: no mode is given.'),
  }),
  commands: (plan, { mode }) => {
    const network = plan.networks.find(({ driver, parent }) => driver === 'ipvlan' && parent !== undefined);
    if (!network || network.mode === (mode ?? 'l3')) return [];
    const add = `ip link add ${SHIM} link ${network.parent} type ipvlan${mode === undefined ? '' : ` mode ${mode}`}`;
    // Deleting the link alone would leave the parent in its mode.
    return [step('host', add, `ip link set ${SHIM} type ipvlan mode ${network.mode} && ip link del ${SHIM}`)];
  },
});
