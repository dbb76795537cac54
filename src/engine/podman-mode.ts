import { messageOf } from '../errors.js';
import type { NetworkPlan } from '../scenario/plan.js';
import type { Engine } from './engine.js';
import type { Requirement } from './requirement.js';

const NAME = 'IPvlan mode';
const REMEDY =
  'Networks of mode L3 or L3S would be L2 there. Update Podman and netavark, or use the lab: --engine lab.';

/**
 * Whether Podman creates an IPvlan network in the mode that it is asked for. Versions that do not know the option create every
 * network in L2 and only warn. The network of this trial has no container, so that no link is created.
 *
 * @param run names the network, so that it can be found if it stays
 * @returns empty for Docker, which rejects a mode that it does not know
 */
export async function podmanMode(engine: Engine, run: string): Promise<readonly Requirement[]> {
  if (engine.facts.product !== 'Podman') return [];
  try {
    return [await tried(engine, run)];
  } catch (error) {
    return [{ name: NAME, state: 'limited', detail: messageOf(error), remedy: REMEDY }];
  }
}

async function tried(engine: Engine, run: string): Promise<Requirement> {
  const id = await engine.createNetwork(trial(run), run);
  try {
    const { mode, warnings = [] } = await engine.inspectNetwork(id);
    const detail = `a network was requested in mode l3, and Podman created one in mode ${mode}`;
    const said = warnings.length > 0 ? `; ${warnings.join('; ')}` : '';
    if (mode === 'l3') return { name: NAME, state: 'met', detail: `${detail}${said}`, remedy: undefined };
    return { name: NAME, state: 'limited', detail: `${detail}${said}`, remedy: REMEDY };
  } finally {
    await engine.removeNetwork(id);
  }
}

/** Podman needs a parent that exists, and every host has its loopback link. The subnet is reserved for documentation. */
function trial(run: string): NetworkPlan {
  return {
    name: `ipvlan-doctor-${run}`,
    driver: 'ipvlan',
    mode: 'l3',
    flag: undefined,
    parent: 'lo',
    subnets: [{ subnet: '198.51.100.248/29', gateway: undefined, range: undefined, reserved: {} }],
    internal: false,
    options: {},
  };
}
