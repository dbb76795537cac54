import { stringify } from 'yaml';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { FAULTS } from '../../src/faults/index.js';
import { parseScenario } from '../../src/scenario/load.js';
import type { Plan } from '../../src/scenario/plan.js';
import { planScenario } from '../../src/scenario/settle/settle.js';
import { written } from './free-form.js';

/** One network of a free-form scenario, in one mode, and what is broken there at once. */
export interface Mixture {
  readonly mode: 'l2' | 'l3' | 'l3s' | 'macvlan';
  /** Faults of the catalogue with their parameters. */
  readonly faults: readonly (readonly [id: string, parameters?: Readonly<Record<string, unknown>>])[];
}

/** A file for it, whose faults are shell commands and whose checks ask for everything a container may want. */
export function mixed(id: string, { mode, faults }: Mixture): string {
  const plan = planOf(id, mode);
  return stringify(
    fileOf(
      id,
      mode,
      faults.flatMap(([fault, parameters]) => commandsOf(plan, fault, parameters)),
    ),
  );
}

function planOf(id: string, mode: Mixture['mode']): Plan {
  const loaded = parseScenario(stringify(fileOf(id, mode, [])), `${id}.yaml`);
  return planScenario(loaded, { faults: FAULTS, causes: new Set(CAUSES.map((cause) => cause.id)) });
}

function commandsOf(plan: Plan, id: string, parameters: Readonly<Record<string, unknown>> = {}): readonly object[] {
  const fault = FAULTS.get(id);
  if (!fault) throw new Error(`There is no fault ${id}.`);
  return fault.commands(plan, fault.parameters.parse(parameters)).map(written);
}

function fileOf(id: string, mode: Mixture['mode'], faults: readonly object[]): object {
  const layer3 = mode === 'l3' || mode === 'l3s';
  const subnets = layer3 ? ['10.44.10.0/24', '10.44.20.0/24'] : [{ subnet: '10.44.0.0/24', gateway: '10.44.0.1' }];
  const [kiln, anvil] = layer3 ? ['10.44.10.10', '10.44.20.10'] : ['10.44.0.100', '10.44.0.101'];
  const driver = mode === 'macvlan' ? { driver: 'macvlan', mode: 'bridge' } : { driver: 'ipvlan', mode };
  return {
    id,
    title: 'A mixture of faults',
    site: {
      lan: ['10.44.0.0/24'],
      host: { interface: 'lan5', address: '10.44.0.2' },
      gateway: { address: '10.44.0.1' },
      peers: [{ name: 'mill', address: '10.44.0.50' }],
    },
    networks: [{ name: 'forge', ...driver, parent: 'lan5', subnets }],
    containers: [
      { name: 'kiln', network: 'forge', address: kiln },
      { name: 'anvil', network: 'forge', address: anvil, listens: ['tcp/8080'] },
    ],
    faults,
    checks: [
      { from: 'kiln', to: 'anvil' },
      { from: 'kiln', to: 'gateway' },
      { from: 'kiln', to: 'mill' },
      { from: 'kiln', to: 'google.com' },
      { from: 'anvil', to: '8.8.8.8', over: 'tcp/443' },
      { from: 'mill', to: 'kiln' },
      { from: 'mill', to: 'anvil', over: 'tcp/8080' },
      { from: 'host', to: '8.8.8.8' },
    ].map((check) => ({ ...check, expect: 'reachable' })),
  };
}
