import { expect } from 'chai';
import { judged, judgedText, viewsSection, type ViewCase } from '../../src/docs/views.js';

type Result = ViewCase['result'];

const failing = [
  { id: 'a>b', observed: 'blocked' },
  { id: 'a>c', observed: 'reachable' },
] as unknown as Result['checks'];
const passing = failing.slice(1);
const causes = (...ids: readonly string[]) =>
  ids.map((id) => ({
    id,
    kind: id === 'design' ? 'by-design' : 'fault',
    confidence: 'certain',
  })) as unknown as Result['causes'];
const oneOf = (...ids: readonly string[]) =>
  [{ id: ids[0], oneOf: ids, explains: ['a>b'] }] as unknown as Result['inconclusive'];

const grade = (expected: readonly string[], told: Partial<Result>) =>
  judged({
    scenario: 's',
    expected,
    result: { causes: [], inconclusive: [], unexplained: [], checks: failing, ...told },
  }).grade;

describe('an answer from less than everything', () => {
  it('is good where nothing fails and nothing is found, whatever is wrong elsewhere', () => {
    expect(grade([], { checks: passing })).to.equal('well');
    expect(grade(['router'], { checks: passing })).to.equal('well');
    expect(grade([], { causes: causes('design') })).to.equal('well');
  });

  it('names what is wrong, also as one of two', () => {
    expect(grade(['router'], { causes: causes('router') })).to.equal('named');
    expect(grade(['router', 'host'], { causes: causes('host') })).to.equal('named');
    expect(grade(['router'], { causes: causes('router', 'design') })).to.equal('named');
  });

  it('is no name as long as checks are left without a cause', () => {
    expect(grade(['router', 'host'], { causes: causes('host'), unexplained: ['a>b'] })).to.equal('unexplained');
  });

  it('is wrong with a cause that is not there, even where nothing fails', () => {
    expect(grade(['router'], { causes: causes('other', 'router') })).to.equal('wrong first');
    expect(grade(['router'], { causes: causes('router', 'other') })).to.equal('wrong beside');
    expect(grade([], { causes: causes('other'), checks: passing })).to.equal('wrong first');
  });

  it('is a short list of three at most that holds the cause', () => {
    expect(grade(['router'], { inconclusive: oneOf('a', 'b', 'router') })).to.equal('short list');
    expect(grade(['router'], { inconclusive: oneOf('a', 'b', 'c', 'router') })).to.equal('long list');
    expect(grade(['router'], { inconclusive: oneOf('a', 'b') })).to.equal('wrong list');
  });

  it('needs no list of what no failing check depends on', () => {
    expect(grade(['router'], { inconclusive: oneOf('a', 'b'), checks: passing })).to.equal('well');
  });

  it('says at least that it is not explained', () => {
    expect(grade(['router'], { unexplained: ['a>b'] })).to.equal('unexplained');
    expect(grade(['router'], {})).to.equal('silent');
  });

  it('is counted among those that fail, and shown where it names nothing', () => {
    const of = (scenario: string, expected: readonly string[], told: Partial<Result>) =>
      judged({
        scenario,
        expected,
        result: { causes: [], inconclusive: [], unexplained: [], checks: failing, ...told },
      });
    const cases = [
      of('good', ['router'], { causes: causes('router') }),
      of('bad', ['router'], { causes: causes('other') }),
      of('healthy', [], { checks: passing }),
    ];
    const page = viewsSection(new Map([['host', cases]]));
    expect(page).to.match(/`host` +\| 3 +\| 1 +\| 1 \(50 %\)/);
    expect(page).to.match(/`bad` +\| `router` +\| wrong first +\| other/);
    expect(page).not.to.include('`good`');
    expect(cases.map(judgedText)).to.deep.equal([
      'good: named; named router',
      'bad: wrong first; named other',
      'healthy: well',
    ]);
  });
});
