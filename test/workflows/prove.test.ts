import { expect } from 'chai';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import type { Failure } from '../../src/evidence/evidence.js';
import { attempts } from '../../src/probes/flow-probe.js';
import type { Looked } from '../../src/probes/look.js';
import type { CheckPlan } from '../../src/scenario/plan.js';
import { arrivals, curable } from '../../src/workflows/prove.js';

/** How many of five pings arrive, and why the others do not. */
type Went = readonly [arrived: number, failure?: Failure];

/** How two checks go after a remedy, and which of them were asked in each look. */
async function repeated(...looks: readonly Readonly<Record<string, Went>>[]) {
  const asked: string[][] = [];
  const again = (checks: readonly CheckPlan[]): Promise<Looked> => {
    const went = looks[asked.length] ?? {};
    asked.push(checks.map(({ id }) => id));
    const probes = checks.map(({ id }) => {
      const [arrived, failure] = went[id] ?? [0];
      const to = { label: id, node: undefined, name: undefined, address: '10.0.0.2' };
      const outcome = { ...attempts({ sent: 5, arrived }), ...(failure && { failure }) };
      const probe = { id, from: 'a', to, over: { protocol: 'icmp' }, purpose: 'check' } as const;
      return { ...probe, command: '', tag: undefined, outcome };
    });
    return Promise.resolve({ facts: {}, missing: [], pcaps: new Map(), takenAt: '', durationMs: 0, probes });
  };
  const checks = ['b', 'c'].map((id) => ({ id }) as CheckPlan);
  return { after: Object.fromEntries(await arrivals(checks, again)), asked };
}

describe('checks repeated after a remedy', () => {
  it('are asked once where all arrive', async () => {
    expect(await repeated({ b: [5], c: [5] })).to.deep.equal({ after: { b: 'all', c: 'all' }, asked: [['b', 'c']] });
  });

  it('are asked once more where a packet still waited for a neighbour from before', async () => {
    expect(await repeated({ b: [5], c: [4, 'host-unreachable'] }, { c: [5] })).to.deep.equal({
      after: { b: 'all', c: 'all' },
      asked: [['b', 'c'], ['c']],
    });
  });

  it('are lost where the neighbour is missing still', async () => {
    const { after, asked } = await repeated({ b: [5], c: [0, 'host-unreachable'] }, { c: [0, 'host-unreachable'] });
    expect(after).to.deep.equal({ b: 'all', c: 'none' });
    expect(asked).to.have.length(2);
  });

  it('get no second chance where packets are lost', async () => {
    expect(await repeated({ b: [5], c: [4, 'timeout'] })).to.deep.equal({
      after: { b: 'all', c: 'some' },
      asked: [['b', 'c']],
    });
  });
});

describe('checks a remedy must cure', () => {
  const flows = ['a', 'b', 'c', 'host'].map((id) => ({
    ...{ id, arrival: id === 'c' ? 'all' : 'none' },
    container: id === 'host' ? undefined : { name: id },
  }));
  const cause = (use: 'run' | 'advice', ...explains: readonly string[]) => ({
    ruling: { explains },
    remedies: [{ use }],
  });
  const cured = (...found: readonly object[]) =>
    curable(
      flows.map(({ id }) => ({ id }) as CheckPlan),
      { flows, found } as unknown as Diagnosis,
    ).map(({ id }) => id);

  it('are those of containers that failed for a cause found', () => {
    expect(cured(cause('run', 'a', 'c', 'host'))).to.deep.equal(['a']);
  });

  it('are none that fail for another cause too, which needs hands elsewhere', () => {
    expect(cured(cause('run', 'a', 'b'), cause('advice', 'b'))).to.deep.equal(['a']);
    expect(cured(cause('run', 'a'), cause('advice', 'a', 'b'))).to.deep.equal([]);
  });
});
