import { expect } from 'chai';
import type { CauseResult, ScenarioResult } from '../../src/report/result.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { arriving, change, recorded, type Situation } from '../diagnosis/situation.js';
import { seenFromHost } from '../replay/seen-from-host.js';
import { open } from '../report/results.js';
import { CATALOGUE } from './catalogue.js';
import { FREE_FORM } from './free-form.js';
import { answerOf, breaksOf, INVARIANTS, type Seen } from './invariants.js';

/** The article's first attempt: the router has no route back. */
const FIRST = recorded('article-first-attempt');
const BROKEN = CATALOGUE.filter(({ name }) => name === 'gateway-missing-return-route');
const HEALTHY = recorded('l3-ufw-defaults');
const ODD = FREE_FORM.slice(0, 1);

function seen(evidence: Situation, view: Seen['view'] = 'site', result: Partial<ScenarioResult> = {}): Seen {
  return { view, evidence, result: { ...rediagnosed({ id: 'one', evidence, was: undefined }), ...result } };
}

/** The same view with its only cause changed. */
function withCause(one: Seen, changed: Partial<CauseResult>): Seen {
  const causes = one.result.causes.map((cause) => ({ ...cause, ...changed }));
  return { ...one, result: { ...one.result, causes } };
}

const names = (one: Seen, broken = BROKEN) => [...new Set(breaksOf(one, broken).map(({ invariant }) => invariant))];

describe('the invariants of the field', () => {
  it('hold where the cause is named, and where nothing is wrong', () => {
    expect(breaksOf(seen(FIRST), BROKEN)).to.deep.equal([]);
    expect(breaksOf(seen(HEALTHY), [])).to.deep.equal([]);
    expect(breaksOf(seen(seenFromHost(HEALTHY), 'host'), [])).to.deep.equal([]);
  });

  it('have a test each', function () {
    const tested = this.test?.parent?.suites.flatMap(({ tests }) => tests.map(({ title }) => title));
    expect(tested).to.have.members(Object.keys(INVARIANTS));
  });

  describe('are broken, each by what it forbids:', () => {
    const failed = seen(FIRST)
      .result.checks.filter(({ observed }) => observed === 'blocked')
      .map(({ id }) => id);
    const passed = seen(FIRST)
      .result.checks.filter(({ observed }) => observed === 'reachable')
      .map(({ id }) => id);

    it('no cause without a failing check', () => {
      const arrived = arriving(FIRST, '*');
      const one = seen(arrived, 'site', { causes: seen(FIRST).result.causes });
      expect(names(one)).to.include('no cause without a failing check');
    });

    it('no cause contradicted by a passing check', () => {
      const explains = [...failed, ...passed];
      expect(breaksOf(withCause(seen(FIRST), { explains }), BROKEN)).to.deep.equal(
        passed.map((id) => ({
          view: 'site',
          invariant: 'no cause contradicted by a passing check',
          why: `gateway-missing-return-route explains ${id}, which passes`,
        })),
      );
      expect(names(withCause(seen(FIRST), { explains, kind: 'informational' }))).to.deep.equal([]);
      // Another flow through the place with the route that is missing arrives.
      const { result, ...rest } = seen(FIRST);
      const [told, other] = failed;
      const checks = result.checks.map((check) =>
        check.id === other ? { ...check, observed: 'reachable' as const } : check,
      );
      const causes = result.causes.map((cause) => ({ ...cause, explains: [told!], flow: told }));
      const open = result.paths.map((path) => (path.id === other ? { ...path, return: story(result, told) } : path));
      const unexplained = failed.slice(1);
      expect(names({ ...rest, result: { ...result, checks, causes, unexplained, paths: open } })).to.deep.equal([
        'no cause contradicted by a passing check',
      ]);
    });

    it('what arrives is not predicted to be blocked', () => {
      const { result, ...rest } = seen(HEALTHY);
      const paths = result.paths.map((path) => ({ ...path, agreement: 'prediction wrong' as const }));
      expect(names({ ...rest, result: { ...result, paths } }, [])).to.deep.equal([
        'what arrives is not predicted to be blocked',
      ]);
    });

    it('a failing path ends where a cause acts', () => {
      const blind = change(FIRST, ({ captures }) => ({
        captures: captures.map((capture) => ({ ...capture, packets: [] })),
      }));
      expect(names(seen(blind))).to.include('a failing path ends where a cause acts');
      expect(names(seen(blind, 'host'))).not.to.include('a failing path ends where a cause acts');
    });

    it('the fix cures', () => {
      const one = seen(FIRST, 'site', { remedy: { proof: 'failed', because: 'still failing: webapp>gateway/icmp' } });
      expect(names(one)).to.deep.equal(['the fix cures']);
      expect(names(one, [...BROKEN, ...ODD])).to.deep.equal([]);
    });

    it('nothing is found in a healthy network', () => {
      expect(names(seen(FIRST), [])).to.include('nothing is found in a healthy network');
      const suspected = seen(HEALTHY, 'host', { inconclusive: [open(['gateway-no-nat-for-container-subnet'])] });
      expect(names(suspected, [])).to.include('nothing is found in a healthy network');
    });

    it('nothing is named but what is broken', () => {
      const other = CATALOGUE.filter(({ name }) => name === 'packet-loss');
      expect(names(seen(FIRST), other)).to.deep.equal(['nothing is named but what is broken']);
      expect(breaksOf(seen(FIRST), ODD)[0]?.why).to.match(/^first of all, gateway-missing-return-route \(certain\): /);
    });

    it('a short list holds the cause', () => {
      const listed = (...oneOf: readonly string[]) =>
        names(seen(FIRST, 'host', { causes: [], inconclusive: [{ ...open(oneOf), explains: failed }] }));
      expect(listed('packet-loss', 'gateway-acl-drops-container-subnet')).to.deep.equal([
        'a short list holds the cause',
      ]);
      expect(listed('packet-loss', 'gateway-missing-return-route')).to.deep.equal([]);
      expect(listed('a', 'b', 'c', 'd')).to.deep.equal([]);
    });

    it('a failing check is accounted for', () => {
      const one = seen(FIRST, 'host', { causes: [], inconclusive: [], unexplained: failed.slice(1) });
      expect(breaksOf(one, BROKEN).map(({ why }) => why)).to.deep.equal([`${failed[0]} is left out`]);
    });
  });
});

describe('the answer of a view', () => {
  it('is what a table of confusion counts', () => {
    const answer = (result: Partial<ScenarioResult>, broken = BROKEN) => answerOf(seen(FIRST, 'host', result), broken);
    expect(answer({})).to.equal('named');
    expect(answer({}, ODD)).to.equal('wrong');
    const none = { causes: [], inconclusive: [] };
    expect(answer(none)).to.equal('unexplained');
    expect(answer({ ...none, inconclusive: [open(['a', 'b'])] })).to.equal('short list');
    expect(answer({ ...none, inconclusive: [open(['a', 'b', 'c', 'd'])] })).to.equal('list');
    expect(answerOf(seen(HEALTHY), [])).to.equal('nothing');
  });
});

function story({ paths }: ScenarioResult, flow: string | undefined) {
  return paths.find(({ id }) => id === flow)?.return ?? [];
}
