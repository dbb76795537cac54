import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { planAll } from '../../src/workflows/run/run.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';

/** Evidence of real runs in the lab, kept by `make record`, diagnosed again with today's rules. */
describe('replay of recorded runs', () => {
  for (const id of recordedIds()) {
    const evidence = recorded(id);

    it(`${id}: names what the scenario expects, and explains every failing check`, async () => {
      const [plan] = await planAll([id]);
      const { found, unexplained } = diagnose(evidence);
      if (plan?.diagnosis) expect(found.map(({ cause }) => cause.id)).to.have.members([...plan.diagnosis]);
      const reachable =
        plan?.checks.filter(({ expect: { kind } }) => kind !== 'blocked').map((check) => check.id) ?? [];
      expect(unexplained.filter((check) => reachable.includes(check))).to.deep.equal([]);
    });

    it(`${id}: is recorded, and gives the same answer twice`, () => {
      expect(evidence.origin).to.equal('recorded');
      expect(JSON.stringify(diagnose(evidence).found)).to.equal(JSON.stringify(diagnose(evidence).found));
    });

    it(`${id}: is never more certain with a fact less`, () => {
      const certain = (facts: typeof evidence.facts) =>
        diagnose({ ...evidence, facts })
          .found.filter(({ ruling }) => ruling.confidence === 'certain')
          .map(({ cause }) => cause.id);
      const whole = certain(evidence.facts);
      for (const fact of Object.keys(evidence.facts).filter(
        (key) => key !== 'nodes' && key !== 'networks' && key !== 'containers',
      )) {
        const rest = { ...evidence.facts, [fact]: undefined };
        expect(whole, `without ${fact}`).to.include.members(certain(rest));
      }
    });
  }

  it('covers every scenario that comes with the tool', async () => {
    const plans = await planAll([]);
    expect(recordedIds()).to.have.members(plans.map(({ id }) => id));
  });
});
