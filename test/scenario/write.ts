import { FAULTS } from '../../src/faults/index.js';
import { DoctorError } from '../../src/errors.js';
import { parseScenario } from '../../src/scenario/load.js';
import type { Plan } from '../../src/scenario/plan.js';
import { planScenario } from '../../src/scenario/settle/settle.js';

/** Blocks of a scenario file, each as YAML; what is left out is the smallest thing that works. */
export interface Parts {
  readonly head?: string;
  readonly site?: string;
  readonly networks?: string;
  readonly containers?: string;
  readonly faults?: string;
  readonly checks?: string;
  readonly diagnosis?: string;
  readonly remedy?: string;
}

const SMALLEST: Parts = {
  head: 'id: example\ntitle: An example',
  networks: '[{ name: net, mode: l3, parent: enp0s3, subnets: [192.168.10.0/24] }]',
  containers: '[{ name: webapp, network: net, address: 192.168.10.10 }]',
};

const CAUSES = new Set(['gateway-missing-return-route', 'host-child-isolation']);

/** The text of a scenario file: two lines of head, then one line for each other part, in the order of {@link Parts}. */
export function write(parts: Parts): string {
  const { head, ...blocks } = { ...SMALLEST, ...parts };
  return [head, ...Object.entries(blocks).map(([key, value]) => `${key}: ${value}`)].join('\n');
}

export function plan(parts: Parts): Plan {
  return planScenario(parseScenario(write(parts), 'example.yaml'), { faults: FAULTS, causes: CAUSES });
}

/** The problems for which a scenario is refused, one per line of the message; none when it is accepted. */
export function problems(parts: Parts): readonly string[] {
  return problemsIn(() => plan(parts));
}

export function problemsIn(attempt: () => unknown): readonly string[] {
  try {
    attempt();
    return [];
  } catch (error) {
    if (error instanceof DoctorError && error.code === 'SCENARIO_INVALID') return error.message.split('\n');
    throw error;
  }
}
