import { z } from 'zod';
import { hostWires } from '../topology/site-names.js';
import { defineFault, step } from './fault.js';

export const parentIsBondWithDeadLeg = defineFault({
  id: 'parent-is-bond-with-dead-leg',
  title: "Drop all that passes one leg of the host's bond, at the switch, while its carrier stays",
  needsDisposableHost: false,
  parameters: z.strictObject({
    leg: z.string().default('eth1').describe('The leg. eth1 is the active one, where the mode has one.'),
  }),
  commands: ({ site }, { leg }) => {
    const end = hostWires(site).find((wire) => wire.leg === leg)?.end;
    if (site.host.parent?.kind !== 'bond' || end === undefined) return [];
    return [
      step('switch', `tc qdisc add dev ${end} clsact`, `tc qdisc del dev ${end} clsact`),
      ...['ingress', 'egress'].map((way) => step('switch', `tc filter add dev ${end} ${way} matchall action drop`)),
    ];
  },
});
