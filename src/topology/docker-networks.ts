import type { NetworkFact, Refusal } from '../evidence/facts.js';
import type { NetworkPlan, Plan } from '../scenario/plan.js';
import type { Cleanup } from './cleanup.js';
import { nameOnEngine, type TopologyEnvironment } from './environment.js';
import { askedNetworkOf, refusalOf } from './refused.js';

/** The networks that were created, under the names the scenario gives them, and why the engine rejected the others. */
export interface Networks {
  readonly created: readonly NetworkFact[];
  readonly refusals: readonly Refusal[];
}

/** Creates the networks of a plan as `docker network create` would, in the order of the file. One that is rejected stops no other. */
export async function createNetworks(
  plan: Plan,
  environment: TopologyEnvironment,
  cleanup: Cleanup,
): Promise<Networks> {
  const { engine, run } = environment;
  const created: NetworkFact[] = [];
  const refusals: Refusal[] = [];
  for (const network of plan.networks) {
    const name = nameOnEngine(environment, network.name);
    try {
      const id = await engine.createNetwork({ ...network, name }, run);
      cleanup.defer(`remove network ${name}`, () => engine.removeNetwork(id));
      created.push(asPlanned(network, await engine.inspectNetwork(id)));
    } catch (error) {
      refusals.push(
        refusalOf(error, { step: 'create-network', networks: [askedNetworkOf(network)], container: undefined }),
      );
    }
  }
  return { created, refusals };
}

/** A network that was created, under the plan's name for it. Where the engine did not create it as asked, a warning says so. */
export function asPlanned(plan: NetworkPlan, made: NetworkFact): NetworkFact {
  const asked = askedNetworkOf(plan);
  const differing = (['mode', 'flag'] as const).filter(
    (what) => asked[what] !== undefined && asked[what] !== made[what],
  );
  const warnings = [
    ...(made.warnings ?? []),
    ...differing.map((what) => `the engine was asked for ${what} ${asked[what]}, and made ${made[what] ?? 'none'}`),
  ];
  return { ...made, name: plan.name, ...(warnings.length > 0 ? { warnings } : {}) };
}
