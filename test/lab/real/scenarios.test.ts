import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { withDeadline } from '../../../src/commands/interruption.js';
import { parseEvidence } from '../../../src/evidence/file.js';
import type { Release } from '../../../src/lab/guest.js';
import { startLab } from '../../../src/lab/lab.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { builtInScenarios } from '../../../src/scenario/find.js';
import { run } from '../../../src/workflows/run/run.js';
import { runOptions, verdictLine } from '../../workflows/run/run-options.js';
import { strayEndings } from '../../replay/endings.js';
import type { Result, ScenarioResult } from '../../../src/report/result.js';
import { arrived, disagreeing, unlikePredicted } from './agreement.js';
import { resolveEndpoint } from '../../../src/engine/endpoint.js';
import { connectEngine } from '../../../src/engine/connect.js';
import { differing, hostState } from './host-snapshot.js';
import { fromToday } from '../../from-today.js';
import { inOneLine, transcript } from './transcript.js';

/** Debian release of the lab: `make test-releases` runs the suite on the others too. */
const release = (process.env['IPVLAN_DOCTOR_RELEASE'] ?? 'trixie') as Release;

/**
 * How long the scenarios may take, in minutes. A machine that is too slow for all of them asks what it can and says what it left;
 * since it begins elsewhere each day, none is left for long. No limit on other releases, or with `MINUTES=0`.
 */
const MINUTES = Number(process.env['MINUTES'] ?? (release === 'trixie' ? 25 : 0));
/** How long what went wrong may take when it is asked again, in minutes. */
const AGAIN_MINUTES = 8;

const VIEW = { columns: 80, verbose: true };

const say = (step: string) => process.stdout.write(`    ${step}\n`);

describe(`the scenarios in the lab (${release})`, function () {
  this.timeout(MINUTES === 0 ? 0 : (MINUTES + AGAIN_MINUTES + 5) * 60_000);
  let directory: string;
  let result: Result;
  let ids: readonly string[];
  let left: readonly string[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-scenarios-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    ids = await builtInScenarios();
    // Three labs keep two processors busy, for each waits for answers half of the time: a tenth faster than two.
    result = await runAll(fromToday(ids), 3, MINUTES);
    left = ids.filter((id) => !result.scenarios.some((one) => one.id === id));
    if (left.length > 0) say(`no time for ${left.length} of ${ids.length}: ${left.join(', ')}`);
    // That leaves little to each: what did not go as it should is asked again, in one and in peace.
    for (let round = 1; round <= 2; round++) {
      const again = result.scenarios.filter(wentWrong).map(({ id }) => id);
      if (again.length === 0) break;
      say(`once more, in one lab: ${again.join(', ')}`);
      const { scenarios } = await runAll(again, 1, MINUTES && AGAIN_MINUTES / 2);
      result = {
        ...result,
        scenarios: result.scenarios.map((one) => scenarios.find(({ id }) => id === one.id) ?? one),
      };
    }
  });

  const runAll = (scenarios: readonly string[], jobs: number, minutes: number) => {
    const signal = withDeadline(new AbortController().signal, minutes === 0 ? undefined : minutes * 60_000);
    const onScenario = (scenario: ScenarioResult) => say(verdictLine(scenario));
    return run(runOptions({ scenarios, jobs, directory, release, signal, onScenario }));
  };

  const wentWrong = (scenario: ScenarioResult) =>
    scenario.verdict === 'broken' ||
    (scenario.expectedCauses !== undefined && (scenario.verdict === 'fail' || scenario.verdict === 'flaky')) ||
    disagreeing(scenario).length > 0 ||
    unlikePredicted(scenario).length > 0;

  after(async () => {
    await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });

  it('run to the end, or so many that three days have them all', () => {
    if (left.length === 0) expect(result.error).to.equal(undefined);
    else expect(result.error?.code).to.equal('TIMED_OUT');
    expect(left.length).to.be.below((ids.length * 2) / 3);
  });

  it('each go as their file says, with every cause it names found and no other', () => {
    const wrong = result.scenarios
      .filter(({ expectedCauses, verdict }) => expectedCauses !== undefined && verdict !== 'pass')
      .filter(({ verdict }) => release === 'trixie' || verdict !== 'skipped')
      .map(({ id, verdict, reason, checks }) => ({
        id,
        verdict,
        reason,
        checks: checks.filter((c) => c.verdict !== 'pass').map((c) => c.id),
      }));
    expect(wrong).to.deep.equal([]);
  });

  it('end, as measured, at the very hop their cause acts at', async () => {
    const strays = await Promise.all(
      result.scenarios.map(async ({ id, evidence }) => {
        if (evidence === undefined) return [];
        const path = join(directory, evidence);
        return strayEndings(parseEvidence(await readFile(path, 'utf8'), path)).map((stray) => ({ id, ...stray }));
      }),
    );
    expect(strays.flat()).to.deep.equal([]);
  });

  it('agree with the model for every flow that arrives, and say why where they do not', () => {
    expect(result.scenarios.flatMap(arrived)).to.have.length.greaterThan(30);
    expect(result.scenarios.flatMap(disagreeing)).to.deep.equal([]);
  });

  it('verify every remedy that they can apply', () => {
    const unproven = result.scenarios.filter(({ expectedCauses, remedy, causes }) => {
      const runnable = causes.some(({ remedies }) => remedies.some(({ use }) => use === 'run'));
      return expectedCauses !== undefined && runnable && remedy.proof !== 'verified';
    });
    expect(unproven.map(({ id, remedy }) => ({ id, remedy }))).to.deep.equal([]);
  });

  it('see come true what was predicted of the remedies, check by check', () => {
    expect(result.scenarios.flatMap(unlikePredicted)).to.deep.equal([]);
    // A tenth of the whole suite at most cannot be predicted; of a part it may be more.
    if (left.length > 0) return;
    const applied = result.scenarios.filter(({ remedy }) => remedy.proof === 'verified');
    const not = applied.filter(({ prediction }) => prediction?.kind !== 'predicted').map(({ id }) => id);
    expect(not.length, `not predictable: ${not.join(', ')}`).to.be.at.most(applied.length / 10);
  });

  it('tell of the article what the README shows', async () => {
    const scenarios = result.scenarios.filter(({ id }) => id === 'article-first-attempt');
    const printed = inOneLine(stripVTControlCharacters(renderTerminal({ ...result, scenarios }, VIEW)));
    const { told } = transcript(await readFile('README.md', 'utf8'), 'ipvlan-doctor run');
    expect(told).to.have.length.greaterThan(3);
    for (const piece of told) expect(printed).to.include(piece);
  });

  it('diagnose a file that has only free-form faults', () => {
    const free = result.scenarios.find(({ id }) => id === 'example-free-form');
    expect(free?.causes, 'found').not.to.deep.equal([]);
    expect(free?.unexplained, 'unexplained').to.deep.equal([]);
    expect(free?.remedy.proof).to.equal('verified');
  });

  it('rule out forwarding where it is off and not the cause', () => {
    const scenario = result.scenarios.find(({ id }) => id === 'l3-forwarding-off');
    const cleared = scenario?.ruledOut.filter(({ oftenBlamed }) => oftenBlamed).map(({ id }) => id);
    expect(cleared).to.include.members(['host-ip-forward-off', 'host-forward-policy-drop']);
  });

  it('leave no object of ours on the engine', () => {
    expect(result.cleanup).to.deep.equal({ state: 'complete', left: [] });
  });
});

describe(`a lab after scenarios (${release})`, function () {
  this.timeout(120_000);

  it('has the links, routes, rules, packet filter and sysctls it had before, and nothing of ours on its engine', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-after-'));
    process.env['IPVLAN_DOCTOR_STATE'] = directory;
    await using lab = await startLab({ name: `test-${process.pid}`, release, private: true, onStep: say });
    const before = await hostState(lab);
    const { cleanup } = await run(
      runOptions({
        scenarios: ['comment-host-masquerade', 'l3-forwarding-off', 'parent-down'],
        engine: `lab:${lab.record.name}`,
        release,
        directory,
        onScenario: (scenario) => say(verdictLine(scenario)),
      }),
    );
    expect(cleanup).to.deep.equal({ state: 'complete', left: [] });
    const engine = await connectEngine(resolveEndpoint({ engine: undefined, context: undefined, env: lab.env }));
    expect(await engine.listOurs()).to.deep.equal([]);
    engine.disconnect();
    expect(differing(before, await hostState(lab))).to.deep.equal([]);
    await rm(directory, { recursive: true, force: true });
    delete process.env['IPVLAN_DOCTOR_STATE'];
  });
});
