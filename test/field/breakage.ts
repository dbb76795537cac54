import type { CauseId } from '../../src/diagnosis/causes/ids.js';
import type { Plan } from '../../src/scenario/plan.js';
import type { FaultFile } from '../../src/scenario/schema/schema.js';
import type { Random } from './random.js';
import type { Mode, Setting } from './setting.js';

/** One thing that is broken, and what it may be called. */
export interface Breakage {
  /** For people: the fault's id, or what a free-form one does. */
  readonly name: string;
  /** Causes that name it rightly. For a free-form one: causes that say what happens at the right place all the same. */
  readonly causes: readonly CauseId[];
  /** Whether it is in no catalogue. */
  readonly freeForm: boolean;
  /** What it changes. Two that change the same are never combined. */
  readonly touches: readonly Touched[];
  fits(setting: Setting): boolean;
  faults(broken: Broken): readonly FaultFile[];
}

export type Touched =
  | 'router routes'
  | 'router lan0'
  | 'router NAT'
  | 'host default'
  | 'host output'
  | 'host table'
  | 'parent'
  | 'switch'
  | 'container'
  | 'port'
  | 'internet'
  | 'peer';

/** What is broken, as a breakage needs to know it. */
export interface Broken {
  readonly setting: Setting;
  /** The settled scenario, still healthy. */
  readonly plan: Plan;
  readonly random: Random;
}

/** Which settings a breakage shows in. */
export interface Where {
  readonly modes: readonly Mode[];
  /** Only on the untagged LAN. */
  readonly untagged?: true;
  readonly vlan?: true;
  readonly six?: true;
}

export const ALL: Where = { modes: ['l2', 'l3', 'l3s', 'macvlan'] };
export const UNTAGGED: Where = { ...ALL, untagged: true };
export const ROUTED: Where = { modes: ['l3', 'l3s'] };
export const BRIDGED: Where = { modes: ['l2', 'macvlan'] };

export function fitsTo({ modes, untagged, vlan, six }: Where): (setting: Setting) => boolean {
  return (setting) =>
    modes.includes(setting.mode) &&
    (untagged === undefined || setting.vlan === undefined) &&
    (vlan === undefined || setting.vlan !== undefined) &&
    (six === undefined || setting.six);
}
