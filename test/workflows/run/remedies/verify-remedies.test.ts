import { expect } from 'chai';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../../../src/evidence/evidence.js';
import type { Looked } from '../../../../src/probes/look-request.js';
import { Cleanup } from '../../../../src/topology/cleanup.js';
import { verifyRemedies } from '../../../../src/workflows/run/remedies/verify-remedies.js';
import { arriving, losing, recorded } from '../../../diagnosis/situation.js';
import { explainsOf, verifiedOn, type Needs } from './verified-on.js';

describe('a remedy', () => {
  /** Tries it where the checks go on failing when they are repeated, and then everything is looked at once more. */
  const tried = (before: Evidence, after: Evidence) => {
    const steps: string[] = [];
    const run = () => Promise.resolve({ exitCode: 0, stdout: Buffer.alloc(0), stderr: '' });
    const request = {
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
    return verifyRemedies(request as unknown as Parameters<typeof verifyRemedies>[0]).then((verified) => ({
      ...verified,
      steps,
    }));
  };
  const broken = recorded('article-first-attempt');

  it('a remedy is verified where all failed checks pass in a second look', async () => {
    const { outcome, after, diagnosis } = await tried(broken, arriving(broken, '*'));
    expect(outcome).to.deep.equal({ proof: 'verified' });
    expect([...after.values()]).to.satisfy((all: readonly string[]) => all.every((one) => one === 'all'));
    expect(diagnosis.found.map(({ cause }) => cause.id)).to.deep.equal(['gateway-missing-return-route']);
  });

  it('a remedy gets no second chance where packets are lost', async () => {
    const lossy = losing(arriving(broken, '*'), 'webapp>1.1.1.1/icmp');
    const { outcome } = await tried(broken, lossy);
    expect(outcome).to.have.property('proof', 'failed');
  });

  it('a remedy failed where the checks fail in the second look too, and they are named', async () => {
    const { outcome, steps } = await tried(broken, broken);
    expect(outcome).to.have.property('proof', 'failed');
    expect(outcome)
      .to.have.property('because')
      .that.matches(/^still failing: .*webapp>google\.com\/icmp/);
    expect(steps.filter((step) => step.startsWith('looking deeper'))).to.have.length(1);
  });
});

describe('the remedies of several causes', () => {
  const TWO = 'l3-two-nat-and-kill-switch';
  const [SWITCH, NAT] = ['host-output-egress-killswitch', 'gateway-no-nat-for-container-subnet'];
  const verified = { proof: 'verified' };
  const both: Needs = (_, inPlace) => inPlace.has(SWITCH) && inPlace.has(NAT);

  it('each remedy is verified where its checks fail without it alone and pass with all', async () => {
    const { outcome, byCause, did, inPlace } = await verifiedOn(TWO, both);
    expect(outcome).to.deep.equal(verified);
    expect(byCause).to.deep.equal({ [SWITCH]: verified, [NAT]: verified });
    expect(did.filter((step) => step === 'look')).to.have.length(3);
    expect([...inPlace], 'what is left').to.deep.equal([]);
  });

  it('a remedy is not verified where the checks pass without it', async () => {
    for (const [needed, idle] of [
      [SWITCH, NAT],
      [NAT, SWITCH],
    ] as const) {
      const { outcome, byCause } = await verifiedOn(TWO, (_, inPlace) => inPlace.has(needed));
      expect(outcome, idle).to.have.property('proof', 'failed');
      expect(byCause[needed]).to.deep.equal(verified);
      expect(byCause[idle]).to.have.property('proof', 'not tried');
      expect(byCause[idle])
        .to.have.property('because')
        .that.matches(/^not needed: .*webapp>google\.com/);
    }
  });

  it('each of two remedies is verified of which either is enough, once it was tried alone', async () => {
    const either: Needs = (_, inPlace) => inPlace.size > 0;
    const { outcome, byCause, inPlace } = await verifiedOn(TWO, either);
    expect(outcome).to.deep.equal(verified);
    expect(byCause).to.deep.equal({ [SWITCH]: verified, [NAT]: verified });
    expect([...inPlace], 'what is left').to.deep.equal([]);
  });

  it('a remedy is verified where the checks pass without it once, by chance, and then fail', async () => {
    const asked = new Map<string, number>();
    // Each look asks twice for each check: whether it arrives, and whether it could be asked.
    const byChance: Needs = (check, inPlace) => {
      if (!inPlace.has(SWITCH) || inPlace.has(NAT)) return both(check, inPlace);
      asked.set(check, (asked.get(check) ?? 0) + 1);
      return (asked.get(check) ?? 0) <= 2;
    };
    const { outcome, byCause, did } = await verifiedOn(TWO, byChance);
    expect(did.filter((step) => step === 'look')).to.have.length(4);
    expect(byCause).to.deep.equal({ [SWITCH]: verified, [NAT]: verified });
    expect(outcome).to.deep.equal(verified);
  });

  it('no remedy is verified or failed where the machine could not ask', async () => {
    const { outcome, byCause } = await verifiedOn(TWO, () => undefined);
    expect(outcome).to.have.property('proof', 'not tried');
    for (const proof of Object.values(byCause)) {
      expect(proof).to.have.property('proof', 'not tried');
      expect(proof)
        .to.have.property('because')
        .that.matches(/^could not be asked: /);
    }
  });

  it('a remedy is not verified where the machine could not ask without it', async () => {
    const { outcome, byCause } = await verifiedOn(TWO, (_, inPlace) => (inPlace.size === 2 ? true : undefined));
    expect(outcome).to.have.property('proof', 'not tried');
    expect(byCause[NAT])
      .to.have.property('because')
      .that.matches(/^could not be asked without it: /);
  });

  it('each remedy fails for its own checks', async () => {
    const apart = 'l3-two-subnets-two-faults';
    const [route, nat] = ['gateway-missing-return-route', 'gateway-no-nat-for-container-subnet'];
    const explains = explainsOf(diagnose(recorded(apart)));
    const { outcome, byCause } = await verifiedOn(
      apart,
      (check, inPlace) => explains(route, check) && inPlace.has(route),
    );
    expect(outcome).to.have.property('proof', 'failed');
    expect(byCause[route]).to.deep.equal(verified);
    expect(byCause[nat]).to.have.property('proof', 'failed');
  });
});

describe('the remedy of one cause', () => {
  it('a single remedy is applied once and looked at once, because the look before shows the checks without it', async () => {
    const { outcome, byCause, did } = await verifiedOn('article-first-attempt', (_, inPlace) => inPlace.size > 0);
    expect(outcome).to.deep.equal({ proof: 'verified' });
    expect(byCause).to.deep.equal({ 'gateway-missing-return-route': { proof: 'verified' } });
    expect(did.slice(0, 2)).to.deep.equal(['+ gateway-missing-return-route', 'look']);
    expect(did.filter((step) => step === 'look')).to.have.length(1);
  });
});

describe('a check that no cause explains', () => {
  const TWO = 'l3-two-nat-and-kill-switch';
  const [SWITCH, NAT] = ['host-output-egress-killswitch', 'gateway-no-nat-for-container-subnet'];
  const ROUTE = 'gateway-missing-return-route';
  const STRANGE = 'webapp>google.com/icmp';

  it('a check belongs to the cause whose verified remedy cures it, and is not unexplained', async () => {
    const { diagnosis, after } = await verifiedOn('article-first-attempt', (_, inPlace) => inPlace.has(ROUTE), [
      STRANGE,
    ]);
    expect(diagnosis.unexplained).to.deep.equal([]);
    expect(explainsOf(diagnosis)(ROUTE, STRANGE)).to.equal(true);
    expect(diagnosis.found[0]?.ruling.because.some(({ kind }) => kind === 'cured-by-fix')).to.equal(true);
    expect(after.get(STRANGE)).to.equal('all');
  });

  it('a check stays unexplained that goes on failing, and no remedy fails for it', async () => {
    const { diagnosis, outcome } = await verifiedOn(
      'article-first-attempt',
      (check, inPlace) => check !== STRANGE && inPlace.has(ROUTE),
      [STRANGE],
    );
    expect(diagnosis.unexplained).to.deep.equal([STRANGE]);
    expect(outcome).to.deep.equal({ proof: 'verified' });
  });

  it('of several causes a check belongs to the one without whose remedy it fails again', async () => {
    const { diagnosis } = await verifiedOn(
      TWO,
      (check, inPlace) => (check === STRANGE ? inPlace.has(NAT) : inPlace.has(SWITCH) && inPlace.has(NAT)),
      [STRANGE],
    );
    expect(diagnosis.unexplained).to.deep.equal([]);
    expect([explainsOf(diagnosis)(SWITCH, STRANGE), explainsOf(diagnosis)(NAT, STRANGE)]).to.deep.equal([false, true]);
  });
});
