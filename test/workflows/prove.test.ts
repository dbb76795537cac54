import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { Looked } from '../../src/probes/look.js';
import type { CheckPlan } from '../../src/scenario/plan.js';
import { Cleanup } from '../../src/topology/cleanup.js';
import { curable, prove } from '../../src/workflows/prove.js';
import { arriving, losing, recorded } from '../diagnosis/situation.js';

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

describe('a remedy', () => {
  /** Tries it where the checks go on failing when they are repeated, and then everything is looked at once more. */
  const tried = (before: Evidence, after: Evidence) => {
    const steps: string[] = [];
    const run = () => Promise.resolve({ exitCode: 0, stdout: Buffer.alloc(0), stderr: '' });
    const proving = {
      plan: {
        checks: before.probes.filter(({ purpose }) => purpose === 'check'),
        site: { host: { interface: 'enp0s3' } },
      },
      topology: { nodes: (before.facts.nodes ?? []).map((node) => ({ ...node, enter: [], pid: undefined })) },
      ...{ shell: { run }, journal: { note: () => 0, done: () => undefined }, cleanup: new Cleanup() },
      diagnosis: diagnose(before),
      again: (checks: readonly { readonly id: string }[]) =>
        Promise.resolve({
          probes: before.probes.filter(({ id }) => checks.some((one) => one.id === id)),
        } as unknown as Looked),
      lookDeeper: () => Promise.resolve(after),
      onStep: (step: string) => steps.push(step),
    };
    return prove(proving as unknown as Parameters<typeof prove>[0]).then((cured) => ({ ...cured, steps }));
  };
  const broken = recorded('article-first-attempt');

  it('is verified where all that failed arrives when everything is looked at once more', async () => {
    const { outcome, after, diagnosis } = await tried(broken, arriving(broken, '*'));
    expect(outcome).to.deep.equal({ proof: 'verified' });
    expect([...after.values()]).to.satisfy((all: readonly string[]) => all.every((one) => one === 'all'));
    expect(diagnosis.found.map(({ cause }) => cause.id)).to.deep.equal(['gateway-missing-return-route']);
  });

  it('gets no second chance where packets are lost', async () => {
    const lossy = losing(arriving(broken, '*'), 'webapp>1.1.1.1/icmp');
    const { outcome } = await tried(broken, lossy);
    expect(outcome).to.have.property('proof', 'failed');
  });

  it('failed where the checks fail in that look too, and they are named', async () => {
    const { outcome, steps } = await tried(broken, broken);
    expect(outcome).to.have.property('proof', 'failed');
    expect(outcome)
      .to.have.property('because')
      .that.matches(/^still failing: .*webapp>google\.com\/icmp/);
    expect(steps.filter((step) => step.startsWith('looking deeper'))).to.have.length(1);
  });
});
