import type { EngineFact } from '../../evidence/facts.js';
import type { Plan } from '../../scenario/plan.js';

/** What an engine is used for. */
export interface Use {
  readonly engine: EngineFact;
  /** Whether its host may be changed globally. */
  readonly mayChangeHost: boolean;
}

/** The first version of Docker Engine that knows IPvlan's L3S mode and its flags. Source: moby/moby#42542. */
const MODES_SINCE = 23;

/** Why a plan cannot be run there; `undefined` when nothing speaks against it. Pure. */
export function whyNot(plan: Plan, { engine, mayChangeHost }: Use): string | undefined {
  if (plan.needsDisposableHost && !mayChangeHost)
    return 'it changes the host itself: run it in the lab, or with --allow-host-changes';
  const flagged = plan.networks.find(({ flag }) => flag !== undefined);
  if (engine.product === 'Podman' && flagged)
    return `Podman has no ipvlan_flag, which ${flagged.name} asks for: it would make the network without it`;
  const major = Number(engine.version.split('.')[0]);
  const beyond = plan.networks.find(({ mode, flag }) => mode === 'l3s' || flag !== undefined);
  if (engine.product === 'Docker Engine' && major < MODES_SINCE && beyond)
    return `Docker ${engine.version} rejects ${beyond.mode === 'l3s' ? 'the mode l3s' : 'ipvlan_flag'} of ${beyond.name}: both came with ${MODES_SINCE}.0`;
  return undefined;
}
