import type { ProbeResult } from '../../evidence/evidence.js';
import { serversAskedBy } from '../../network/names.js';
import type { Known } from '../../path/known.js';
import { predictedEnd, type PredictedEnd } from '../../path/predicted-end.js';

/**
 * What is predicted of the lookup of a name: a container asks the servers it was given, one after the other. `undefined` where the
 * lookup is not what decides about a probe: it asks for no name, or its lookup is part of no path.
 */
export function lookupEnd(known: Known, { from, to, over, outcome }: ProbeResult): PredictedEnd | undefined {
  const isLookup = over.protocol === 'dns' && to.name !== undefined;
  const unresolved = outcome.kind === 'attempts' && outcome.failure === 'not-resolved';
  if (!isLookup && !(to.name !== undefined && unresolved)) return undefined;
  const ends = serversAskedBy(known.network.names.container(from)).map((address) =>
    predictedEnd(known, {
      from,
      to: { label: address, node: undefined, name: undefined, address },
      over: { protocol: 'dns' },
    }),
  );
  return ends.find(({ kind }) => kind === 'arrives') ?? ends[0] ?? { kind: 'unknown', ...AT_SENDER, node: from };
}

const AT_SENDER = { direction: 'forward', hop: 'container' } as const;
