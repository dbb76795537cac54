import type { Diagnosis, FoundCause } from '../../../diagnosis/diagnosis.js';

/**
 * A diagnosis in which checks that a verified remedy cures belong to its cause, although nothing had explained them. Pure.
 *
 * @param cures ids of such checks, by the cause's id
 */
export function withCured(diagnosis: Diagnosis, cures: ReadonlyMap<string, readonly string[]>): Diagnosis {
  const belonging = (id: string) => (cures.get(id) ?? []).filter((check) => diagnosis.unexplained.includes(check));
  const all = new Set(diagnosis.found.flatMap(({ cause }) => belonging(cause.id)));
  if (all.size === 0) return diagnosis;
  return {
    ...diagnosis,
    found: diagnosis.found.map((one) => withChecks(one, belonging(one.cause.id), diagnosis)),
    unexplained: diagnosis.unexplained.filter((id) => !all.has(id)),
  };
}

function withChecks({ ruling, ...one }: FoundCause, cured: readonly string[], { flows }: Diagnosis): FoundCause {
  const seen = flows.filter(({ id }) => cured.includes(id));
  return {
    ...one,
    ruling: {
      ...ruling,
      explains: [...ruling.explains, ...cured],
      because: [
        ...ruling.because,
        ...seen.map(({ from, to, probe }) => ({
          kind: 'cured-by-fix' as const,
          ...{ from: from.label, to: to.label, over: probe.over },
        })),
      ],
    },
  };
}
