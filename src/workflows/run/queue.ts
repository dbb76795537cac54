import type { Plan } from '../../scenario/plan.js';

/** Creating a topology a second time costs as much as running a scenario: for fewer waiting plans it is not worth it. */
const WORTH_JOINING = 3;

/**
 * Plans that wait, handed out one by one to the next free worker. Plans that share a topology follow each other, so that it is
 * created once; a second worker gets the next topology, and helps with a long one when none is left.
 */
export class PlanQueue {
  readonly #groups = new Map<string, Plan[]>();
  readonly #begun = new Set<string>();

  constructor(plans: readonly Plan[]) {
    for (const plan of plans) this.#groups.set(plan.topologyKey, [...this.#waiting(plan.topologyKey), plan]);
  }

  /** The next plan for a worker without a topology; `undefined` when none is left, or none worth it. */
  next(): Plan | undefined {
    const waiting = [...this.#groups].filter(([, plans]) => plans.length > 0);
    const fresh = waiting.find(([topology]) => !this.#begun.has(topology));
    const longest = waiting
      .toSorted(([, a], [, b]) => b.length - a.length)
      .find(([, { length }]) => length >= WORTH_JOINING);
    const [topology] = fresh ?? longest ?? [];
    if (topology === undefined) return undefined;
    this.#begun.add(topology);
    return this.on(topology);
  }

  /** The next plan that needs a topology which exists already. */
  on(topology: string): Plan | undefined {
    return this.#groups.get(topology)?.shift();
  }

  /** Returns a plan that could not be worked on to the end: it is the next of its topology, which has to be created again. */
  giveBack(plan: Plan): void {
    this.#groups.set(plan.topologyKey, [plan, ...this.#waiting(plan.topologyKey)]);
    this.reopen(plan.topologyKey);
  }

  /** A topology that was begun no longer exists: the next free worker creates it again for the plans that wait for it. */
  reopen(topology: string): void {
    this.#begun.delete(topology);
  }

  /** Whether plans wait: for one topology, or for any. */
  has(topology?: string): boolean {
    const groups = topology === undefined ? [...this.#groups.values()] : [this.#waiting(topology)];
    return groups.some(({ length }) => length > 0);
  }

  /** Hands out all that is left. */
  rest(): readonly Plan[] {
    return [...this.#groups.values()].flatMap((plans) => plans.splice(0));
  }

  #waiting(topology: string): readonly Plan[] {
    return this.#groups.get(topology) ?? [];
  }
}
