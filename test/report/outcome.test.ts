import { expect } from 'chai';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import type { CheckResult, RemedyOutcome, ScenarioResult, Verdict } from '../../src/report/result.js';
import { exitCodeOf, headline, scenarioVerdict } from '../../src/report/outcome.js';

const check = (verdict: Verdict) => ({ id: 'a>b/icmp', verdict }) as unknown as CheckResult;
const found = (...ids: readonly string[]) => ids.map((id) => ({ cause: { id }, explanation: `${id}.` }));
const diagnosis = (rest: object = {}) =>
  ({ found: [], ruledOut: [], inconclusive: [], unexplained: [], flows: [], ...rest }) as unknown as Diagnosis;
const verified: RemedyOutcome = { proof: 'verified' };

describe('the verdict of a scenario', () => {
  const judge = (verdicts: readonly Verdict[], rest: object = {}) =>
    scenarioVerdict({
      checks: verdicts.map(check),
      diagnosis: diagnosis(),
      expected: undefined,
      remedy: verified,
      lost: [],
      ...rest,
    });

  it('is pass when everything went as it should', () => {
    expect(judge(['pass', 'pass'])).to.deep.equal({ verdict: 'pass', reason: undefined });
  });

  it('is broken as soon as a check could not be made, also when others failed', () => {
    expect(judge(['fail', 'broken']).verdict).to.equal('broken');
  });

  it('fails on a cause too many or too few, and names it', () => {
    const rest = { diagnosis: diagnosis({ found: found('parent-down') }), expected: ['uplink-down'] };
    expect(judge(['pass'], rest)).to.deep.equal({
      verdict: 'fail',
      reason: 'expected and not found: uplink-down; found and not expected: parent-down',
    });
  });

  it('takes nothing for granted when the scenario expects no cause in particular', () => {
    expect(judge(['pass'], { diagnosis: diagnosis({ found: found('parent-down') }) }).verdict).to.equal('pass');
    expect(judge(['pass'], { diagnosis: diagnosis({ found: found('parent-down') }), expected: [] }).verdict).to.equal(
      'fail',
    );
  });

  it('fails when a remedy is not verified that was tried, and not when none could be', () => {
    expect(judge(['pass'], { remedy: { proof: 'failed', because: 'still failing: x' } }).reason).to.include('x');
    expect(judge(['pass'], { remedy: { proof: 'not tried', because: 'hands' } }).verdict).to.equal('pass');
  });

  it('is broken when nothing explains what failed and the look lost facts', () => {
    const lost = [{ fact: 'captures', node: 'host', reason: 'tcpdump: not found' }];
    const open = diagnosis({ unexplained: ['a>b/icmp'] });
    expect(judge(['fail'], { diagnosis: open, lost })).to.deep.equal({
      verdict: 'broken',
      reason: 'the look could not see everything: captures of host (tcpdump: not found)',
    });
    expect(judge(['fail'], { diagnosis: open }).verdict).to.equal('fail');
    const drops = [{ fact: 'drops', node: 'host', reason: 'no tracefs' }];
    expect(judge(['fail'], { diagnosis: open, lost: drops }).verdict, 'no cause needs it').to.equal('fail');
    expect(judge(['fail'], { diagnosis: diagnosis({ found: found('parent-down') }), lost }).verdict).to.equal('fail');
  });

  it('is flaky when some of it arrived', () => {
    expect(judge(['pass', 'flaky']).verdict).to.equal('flaky');
  });
});

describe('the exit code of a run', () => {
  const scenario = (verdict: Verdict, rest: object = {}) =>
    ({ verdict, causes: [], inconclusive: [], unexplained: [], ...rest }) as unknown as ScenarioResult;
  const clean = { state: 'complete', left: [] } as unknown as Parameters<typeof exitCodeOf>[1];
  const dirty = { state: 'incomplete', left: ['x'] } as unknown as Parameters<typeof exitCodeOf>[1];
  const rows: readonly (readonly [string, readonly ScenarioResult[], typeof clean, number])[] = [
    ['all as intended', [scenario('pass'), scenario('skipped')], clean, 0],
    ['one failed', [scenario('pass'), scenario('fail')], clean, 1],
    ['one was flaky', [scenario('flaky')], clean, 1],
    ['nothing could be asked here', [scenario('skipped')], clean, 3],
    ['one could not be asked', [scenario('broken'), scenario('pass')], clean, 4],
    ['only the inconclusive failed', [scenario('fail', { inconclusive: [{ explains: ['x'] }] })], clean, 4],
    [
      'something inconclusive and something unexplained',
      [scenario('fail', { inconclusive: [{ explains: ['x'] }], unexplained: ['y'] })],
      clean,
      1,
    ],
    ['nothing was selected', [], clean, 5],
    ['something was left behind', [scenario('pass')], dirty, 6],
    ['something failed, and something was left behind', [scenario('fail')], dirty, 6],
    ['nothing could be asked, and something was left behind', [scenario('broken')], dirty, 6],
  ];
  for (const [name, scenarios, cleanup, code] of rows)
    it(`is ${code} when ${name}`, () => expect(exitCodeOf(scenarios, cleanup)).to.equal(code));
});

describe('the headline', () => {
  it('is the primary cause’s sentence, and counts the others', () => {
    expect(headline(diagnosis({ found: found('a') }), [])).to.equal('a.');
    expect(headline(diagnosis({ found: found('a', 'b') }), [])).to.equal('a. (and 1 more)');
  });

  it('says the most usual of several causes, and what was not observed', () => {
    const ruling = { explains: ['x'], oneOf: ['a', 'b'], missing: 'a look at the gateway' };
    expect(headline(diagnosis({ inconclusive: [{ cause: { id: 'a', title: 'A is broken' }, ruling }] }), [])).to.equal(
      'It has one of 2 causes, most often this: A is broken. Not observed: a look at the gateway.',
    );
  });

  it('admits what it cannot explain', () => {
    expect(headline(diagnosis({ unexplained: ['a>b/icmp'] }), [check('fail')])).to.include('no known cause explains');
  });

  it('counts what went as expected', () => {
    expect(headline(diagnosis(), [check('pass')])).to.equal('1 of 1 checks went as expected.');
  });

  it('names what was not tried where no check failed', () => {
    const untried = 'Not tried from outside: webapp on tcp/80.';
    expect(headline(diagnosis(), [check('pass')], untried)).to.equal(`1 of 1 checks went as expected. ${untried}`);
    expect(headline(diagnosis({ found: found('a') }), [check('fail')], untried)).to.equal('a.');
  });

  it('never says that all is well while checks could not be asked or lost packets', () => {
    expect(headline(diagnosis(), [check('broken'), check('broken')])).to.equal(
      '0 of 2 checks went as expected, 2 could not be asked (a>b/icmp, …).',
    );
    expect(headline(diagnosis(), [check('pass'), check('flaky')])).to.equal(
      '1 of 2 checks went as expected, 1 lost packets (a>b/icmp).',
    );
  });
});

describe('a note about a test target', () => {
  const note = { cause: { id: 'target-unresponsive', about: 'test-target' }, explanation: '8.8.8.8 does not reply.' };
  const open = {
    cause: {},
    ruling: { explains: ['a>b/icmp'], oneOf: ['nat', 'acl'], missing: 'the rules of gateway' },
  };
  const lead = (rest: object) => headline(diagnosis({ found: [note], ...rest }), [check('fail')]);

  it('does not lead while something else is unexplained or open, or has a cause', () => {
    expect(lead({ unexplained: ['a>b/icmp'] })).to.include('for a reason no known cause explains: a>b/icmp');
    expect(lead({ inconclusive: [open] })).to.include('Not observed: the rules of gateway');
    expect(lead({ found: [note, ...found('parent-down')] })).to.equal('parent-down. (and 1 more)');
  });

  it('leads where nothing else fails', () => {
    expect(lead({})).to.equal('8.8.8.8 does not reply.');
  });
});
