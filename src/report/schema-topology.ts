import { z } from 'zod';

const named = z.looseObject({ name: z.string() });

/** The topology and its faults, in a result file: as much as a report reads. The rest is the scenario's own. */
export const topologySchema = z.looseObject({
  site: z.looseObject({
    peers: z.array(named),
    internet: z.looseObject({ names: z.record(z.string(), z.array(z.string())) }),
  }),
  networks: z.array(named),
  containers: z.array(named),
  faults: z.array(z.looseObject({ kind: z.enum(['catalogue', 'command']) })),
});
