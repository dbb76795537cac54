import { expect } from 'chai';
import type { Evidence } from '../../../src/evidence/evidence.js';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { ScenarioResult } from '../../../src/report/result.js';
import { setAside, withVerdict } from '../../../src/workflows/attach/attached-result.js';
import { rediagnosed } from '../../../src/workflows/bundle/rediagnose.js';
import { recorded } from '../../diagnosis/situation.js';

describe('the faults that count for a system that already runs', () => {
  const broken = recorded('article-first-attempt');
  const unasked: Evidence = {
    ...broken,
    origin: 'synthetic',
    probes: broken.probes.map((probe) => ({ ...probe, purpose: 'comparison' })),
  };
  const onlyCompared = diagnose(unasked);

  it('a fault that breaks a check counts', () => {
    const { diagnosis, asides } = setAside(diagnose(broken), false);
    expect(diagnosis.found.map(({ cause }) => cause.id)).to.include('gateway-missing-return-route');
    expect(asides).to.deep.equal([]);
  });

  it('a fault that only comparisons show does not count, and is a warning', () => {
    expect(onlyCompared.found.map(({ cause }) => cause.id)).to.include('gateway-missing-return-route');
    const { diagnosis, asides } = setAside(onlyCompared, false);
    expect(diagnosis.found).to.deep.equal([]);
    expect(asides).to.have.lengthOf(onlyCompared.found.length);
    expect(asides[0]).to.match(/^Seen beside what was asked: .+192\.168\.10/);
  });

  it('before a rollout, every fault that breaks a container counts', () => {
    expect(setAside(onlyCompared, true).diagnosis.found).to.deep.equal(onlyCompared.found);
  });

  it('the same faults count each time saved evidence is diagnosed again', () => {
    const again = rediagnosed({ id: 'webapp', evidence: unasked, was: undefined });
    expect(again.causes).to.deep.equal([]);
    expect(again.warnings[0]).to.match(/^Seen beside what was asked: /);
    expect(rediagnosed({ id: 'webapp', evidence: unasked, was: again }).warnings).to.deep.equal(again.warnings);
    const gate = rediagnosed({ id: 'webapp', evidence: unasked, was: undefined, verb: 'validate' });
    expect(gate.causes.map(({ id }) => id)).to.include('gateway-missing-return-route');
  });

  it('what the engine rejected counts, whether or not a check asked', () => {
    const rejected = diagnose(recorded('l2-parent-used-twice'));
    const [first] = rejected.found;
    expect(first?.cause.about).to.equal('engine');
    const { diagnosis } = setAside({ ...rejected, flows: [] }, false);
    expect(diagnosis.found[0]?.cause.id).to.equal(first?.cause.id);
  });
});

describe('the verdict on what already runs', () => {
  const result = (rest: object) =>
    ({ checks: [{ id: 'a>b/icmp', verdict: 'pass' }], causes: [], warnings: [], ...rest }) as unknown as ScenarioResult;
  const untried = 'Not tried from outside: webapp.';

  it('the headline names what was not tried where all checks passed', () => {
    expect(withVerdict(result({ verdict: 'pass' }), untried).headline).to.equal(
      `1 of 1 checks went as expected. ${untried}`,
    );
  });

  it('a warning names what was not tried where a check failed, and the headline stays', () => {
    const failed = withVerdict(result({ verdict: 'fail', headline: 'x' }), untried);
    expect(failed).to.include({ verdict: 'fail', headline: 'x' });
    expect(failed.warnings).to.deep.equal([untried]);
  });

  it('the verdict is fail on a fault, although some checks could not be asked', () => {
    expect(withVerdict(result({ verdict: 'broken', causes: [{ kind: 'fault' }] }), undefined).verdict).to.equal('fail');
  });
});
