import { stringify } from 'yaml';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { FAULTS } from '../../src/faults/index.js';
import { parseScenario } from '../../src/scenario/load.js';
import type { Plan } from '../../src/scenario/plan.js';
import type { ScenarioFile } from '../../src/scenario/schema/schema.js';
import { planScenario } from '../../src/scenario/settle/settle.js';
import { Addresses } from './addresses.js';
import type { Breakage } from './breakage.js';
import { CATALOGUE } from './catalogue.js';
import { randomChecks } from './checks.js';
import { FREE_FORM } from './free-form.js';
import { randomNoise } from './noise.js';
import { Random } from './random.js';
import { randomSetting, type Setting } from './setting.js';

/** Which of the situations of a seed: numbers begin with 1. */
export interface Which {
  readonly seed: string;
  readonly number: number;
}

/** A random situation: a network with noise, and nothing, one or two things broken. */
export interface Situation extends Which {
  readonly id: string;
  readonly title: string;
  readonly setting: Setting;
  readonly noise: readonly string[];
  readonly broken: readonly Breakage[];
  /** The scenario file. */
  readonly text: string;
}

/** Every so many are free-form, beginning with the first: more than a fifth of any number of situations. */
const FREE_FORM_EVERY = 4;

/** Pure: the same seed and number give the same situation. */
export function situation({ seed, number }: Which): Situation {
  const random = new Random(`${seed}/${number}`);
  const book = new Addresses(random);
  const setting = randomSetting(random, book);
  const noise = randomNoise(setting, random, book);
  const broken = randomBreakages(setting, number % FREE_FORM_EVERY === 1, random);
  const id = `field-${seed}-${number}`;
  const title = titleOf(setting, broken);
  const healthy = {
    id,
    title,
    site: setting.site,
    networks: [...setting.networks, ...noise.networks],
    containers: [...setting.containers],
  };
  const plan = planOf(stringify(healthy), id);
  const faults = [...noise.commands, ...broken.flatMap((one) => one.faults({ setting, plan, random }))];
  const checks = [...randomChecks(setting, faults, random)];
  const remedy = broken.length > 0 ? ('verify' as const) : ('skip' as const);
  const file: ScenarioFile = { ...healthy, faults, checks, remedy };
  return { seed, number, id, title, setting, broken, noise: noise.names, text: stringify(file) };
}

/** The settled scenario of a file. */
export function planOf(text: string, id: string): Plan {
  const knowledge = { faults: FAULTS, causes: new Set(CAUSES.map((cause) => cause.id)) };
  return planScenario(parseScenario(text, `${id}.yaml`), knowledge);
}

/** A free-form one, perhaps beside one of the catalogue; or none, one or two of the catalogue. */
function randomBreakages(setting: Setting, isFreeForm: boolean, random: Random): readonly Breakage[] {
  const catalogue = CATALOGUE.filter((one) => one.fits(setting));
  const odd = FREE_FORM.filter((one) => one.fits(setting));
  if (isFreeForm) return together(random.pick(odd), random.chance(0.25) ? random.pick(catalogue) : undefined);
  const count = random.pick([0, 1, 1, 1, 2, 2]);
  const [first, second] = random.take(catalogue, count);
  return first ? together(first, second) : [];
}

/** Both, where they do not change the same thing. */
function together(first: Breakage, second: Breakage | undefined): readonly Breakage[] {
  return second && !first.touches.some((one) => second.touches.includes(one)) ? [first, second] : [first];
}

function titleOf({ mode, vlan, six }: Setting, broken: readonly Breakage[]): string {
  const place = [mode, vlan === undefined ? [] : `VLAN ${vlan}`, six ? 'both families' : []].flat().join(', ');
  return `${place}: ${broken.map(({ name }) => name).join(' and ') || 'healthy'}`;
}
