import { AddressBook } from './address-book.js';
import { comparisons } from './comparisons.js';
import { defaultChecks } from './default-checks.js';
import { Directory } from './directory.js';
import type { LoadedScenario } from '../load.js';
import { checkNames } from './names.js';
import type { CheckPlan, FaultPlan, Plan } from '../plan.js';
import { Problems } from '../problems.js';
import type { ScenarioFile } from '../schema/schema.js';
import { checkCause, settleChecks } from './settle-checks.js';
import { settleContainers } from './settle-containers.js';
import { checkEffect, type FaultCatalogue, needsDisposableHost, settleFaults } from './settle-faults.js';
import { settleGateway } from './settle-gateway.js';
import { settleNetworks } from './settle-networks.js';
import { settleSite } from './settle-site.js';

/** What the tool can break and can find, which a scenario may name. */
export interface Knowledge {
  readonly faults: FaultCatalogue;
  /** Ids of all causes. */
  readonly causes: ReadonlySet<string>;
}

/**
 * Settles a scenario: every name resolved, every address known, every default written out. Pure.
 *
 * @throws DoctorError SCENARIO_INVALID with every contradiction and everything that Docker or the kernel would reject
 */
export function planScenario({ scenario, source }: LoadedScenario, { faults: catalogue, causes }: Knowledge): Plan {
  const problems = new Problems(source, scenario.diagnosis);
  const topology = settleTopology(scenario, problems);
  const directory = new Directory(topology.site, topology.networks, topology.containers);
  const nodes = [...directory.nodes.map(({ name }) => name), 'switch'];
  const faults = settleFaults(scenario.faults ?? [], { catalogue, nodes, problems });
  for (const [index, cause] of (scenario.diagnosis ?? []).entries()) {
    checkCause(cause, ['diagnosis', index], { causes, problems });
  }
  const { diagnosis } = scenario;
  const declared = settleChecks(scenario.checks ?? [], { directory, causes, diagnosis, problems, ...topology });
  const checks = scenario.checks?.length ? declared : defaultChecks(topology, directory);
  const plan: Plan = {
    id: scenario.id,
    title: scenario.title,
    why: scenario.why?.trim(),
    file: source.file,
    ...topology,
    faults,
    checks,
    comparisons: comparisons({ ...topology, checks }, directory),
    diagnosis,
    remedy: scenario.remedy ?? defaultRemedy({ diagnosis, faults, checks }),
    warnings: problems.warnings,
    needsDisposableHost: needsDisposableHost(faults, catalogue),
    topologyKey: topologyKey(topology),
  };
  problems.throwIfAny();
  checkEffect(plan, { catalogue, problems });
  problems.throwIfAny();
  return plan;
}

function settleTopology(scenario: ScenarioFile, problems: Problems): Pick<Plan, 'site' | 'networks' | 'containers'> {
  if (scenario.site === 'real') {
    problems.add(
      ['site'],
      'A scenario with faults and checks runs on a simulated site only. For a real network use `ipvlan-doctor validate`.',
    );
    problems.throwIfAny();
  }
  const file = scenario.site === undefined || scenario.site === 'real' ? {} : scenario.site;
  const book = new AddressBook(problems);
  checkNames(scenario, problems);
  const bareSite = settleSite(file, book);
  const networks = settleNetworks(scenario.networks, bareSite, book);
  const site = { ...bareSite, gateway: settleGateway(file.gateway, { site: bareSite, networks }, problems) };
  return { site, networks, containers: settleContainers(scenario.containers, networks, book) };
}

interface Intent {
  readonly diagnosis: readonly string[] | undefined;
  readonly faults: readonly FaultPlan[];
  readonly checks: readonly CheckPlan[];
}

/** A remedy is worth verifying where something is expected to be wrong. */
function defaultRemedy({ diagnosis, faults, checks }: Intent): Plan['remedy'] {
  const wrong = diagnosis
    ? diagnosis.length > 0
    : faults.length > 0 || checks.some(({ expect }) => expect.kind !== 'reachable');
  return wrong ? 'verify' : 'skip';
}

/** The assumed platform of the host does not change the topology. */
function topologyKey(topology: Pick<Plan, 'site' | 'networks' | 'containers'>): string {
  return JSON.stringify(sorted({ ...topology, site: { ...topology.site, platform: undefined } }));
}

/** The same value with its keys in order, so that equal topologies are written alike. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
