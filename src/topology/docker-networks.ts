import type { NetworkFact, Refusal } from '../evidence/facts.js';
import type { NetworkPlan, Plan } from '../scenario/plan.js';
import type { Cleanup } from './cleanup.js';
import { nameOnEngine, type Ground } from './ground.js';
import { askedNetwork, refusalOf } from './refused.js';

/** The networks that stand, under the names the scenario gives them, and what the engine said to the others. */
export interface Networks {
  readonly standing: readonly NetworkFact[];
  readonly refusals: readonly Refusal[];
}

/** Makes a plan's networks as `docker network create` would, in the file's order. One that is refused stops no other. */
export async function createNetworks(plan: Plan, ground: Ground, cleanup: Cleanup): Promise<Networks> {
  const { engine, run } = ground;
  const standing: NetworkFact[] = [];
  const refusals: Refusal[] = [];
  for (const network of plan.networks) {
    const name = nameOnEngine(ground, network.name);
    try {
      const id = await engine.createNetwork({ ...network, name }, run);
      cleanup.defer(`remove network ${name}`, () => engine.removeNetwork(id));
      standing.push(asPlanned(network, await engine.inspectNetwork(id)));
    } catch (error) {
      refusals.push(
        refusalOf(error, { step: 'create-network', networks: [askedNetwork(network)], container: undefined }),
      );
    }
  }
  return { standing, refusals };
}

/** A network that stands, under the plan's name for it. What the engine made otherwise than it was asked is among its warnings. */
export function asPlanned(plan: NetworkPlan, made: NetworkFact): NetworkFact {
  const asked = askedNetwork(plan);
  const differing = (['mode', 'flag'] as const).filter(
    (what) => asked[what] !== undefined && asked[what] !== made[what],
  );
  const warnings = [
    ...(made.warnings ?? []),
    ...differing.map((what) => `the engine was asked for ${what} ${asked[what]}, and made ${made[what] ?? 'none'}`),
  ];
  return { ...made, name: plan.name, ...(warnings.length > 0 ? { warnings } : {}) };
}
