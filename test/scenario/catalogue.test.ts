import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CAUSES } from '../../src/diagnosis/causes/index.js';
import { FAULTS } from '../../src/faults/index.js';
import { SCENARIOS_FOR_MOBY } from '../../src/docs/moby-tests.js';
import { scenariosReadme, scenarioSchemaFile } from '../../src/docs/catalogue-readme.js';
import { loadScenarios } from '../../src/scenario/find.js';
import type { LoadedScenario } from '../../src/scenario/load.js';
import { planScenario } from '../../src/scenario/settle/settle.js';

/** The causes that the scenarios name themselves: whether the tool knows them is asked where the causes are. */
const causesOf = ({ scenario }: LoadedScenario) => new Set(scenario.diagnosis ?? []);

describe('the built-in scenarios', () => {
  let scenarios: readonly LoadedScenario[];

  before(async () => {
    scenarios = await loadScenarios([]);
  });

  it('settle without problems, and without warnings unless their own network is what is wrong', () => {
    for (const loaded of scenarios) {
      const { faults = [], diagnosis = [] } = loaded.scenario;
      if (faults.length === 0 && diagnosis.length > 0) continue;
      const { warnings } = planScenario(loaded, { faults: FAULTS, causes: causesOf(loaded) });
      expect(warnings, loaded.scenario.id).to.deep.equal([]);
    }
  });

  it('say why they are there and what is asked', () => {
    for (const { scenario } of scenarios) expect(scenario, scenario.id).to.include.keys('why', 'checks');
  });

  it('expect every cause of their diagnosis at a check, unless it breaks nothing by itself', () => {
    const harmless = new Set(CAUSES.flatMap(({ id, kind }) => (kind === 'informational' ? [id] : [])));
    for (const { scenario } of scenarios) {
      const expected = (scenario.checks ?? []).flatMap((check) =>
        typeof check.expect === 'object' ? Object.values(check.expect) : [],
      );
      const { diagnosis = [] } = scenario;
      expect(diagnosis, scenario.id).to.include.members(expected);
      expect(expected, scenario.id).to.include.members(diagnosis.filter((cause) => !harmless.has(cause)));
    }
  });

  it('share topologies, because creating one takes most of the time', () => {
    const keys = scenarios.map(
      (loaded) => planScenario(loaded, { faults: FAULTS, causes: causesOf(loaded) }).topologyKey,
    );
    expect(new Set(keys).size / keys.length).to.be.below(0.7);
  });

  it('are described in the README of their directory as they are now', () => {
    expect(readFileSync('scenarios/README.md', 'utf8')).to.equal(scenariosReadme(scenarios));
  });

  it('hold what the table of moby’s tests says they do', () => {
    expect(scenarios.map(({ scenario }) => scenario.id)).to.include.members(SCENARIOS_FOR_MOBY);
  });

  it('point editors to the schema as it is now', () => {
    expect(readFileSync('scenarios/scenario.schema.json', 'utf8')).to.equal(scenarioSchemaFile());
    for (const { source } of scenarios) {
      expect(readFileSync(source.file, 'utf8')).to.match(/^# yaml-language-server: \$schema=scenario\.schema\.json\n/);
    }
  });
});
