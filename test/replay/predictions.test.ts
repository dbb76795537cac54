import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { Predictor } from '../../src/diagnosis/what-if/predict-changes.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { fixableChecks } from '../../src/workflows/run/remedies/fixable.js';
import { predictedTogether, predictionResult } from '../../src/report/prediction.js';
import type { PredictionResult } from '../../src/report/prediction-result.js';
import type { CheckPlan } from '../../src/scenario/plan.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';

/** Remedies whose effect the model does not predict, and why that is right. */
const NOT_PREDICTABLE: Readonly<Record<string, string>> = {
  'l2-address-from-dhcp-too': 'one of its commands releases a DHCP lease, and leases are no facts',
  'l2-bond-with-dead-leg': 'which leg a bond sends by is not in the model',
  'l2-multicast-by-other-network': 'which link multicast leaves by is the choice of the program that sends',
  'l2-vlan-on-access-port': 'the VLANs of a switch port are not seen',
  'l3-packet-loss': 'the walk is about single packets, which arrive or not',
  'l3-service-on-loopback': 'destinations are not translated in the model',
  'macvlan-bridge-inside': 'MAC addresses behind a bridge in a container are not in the model',
  'v6-slaac-not-for-static-network': 'what IPv6 does with router advertisements is not in the model',
};

/** Remedies of which the model leaves open what becomes of the checks, and why. */
const LEFT_OPEN: Readonly<Record<string, string>> = {
  'macvlan-container-router-drops': 'what a container that forwards does with replies is not in the model',
  'macvlan-container-router-without-nat': 'the far end of a tunnel is not observed',
};

/** Checks that the remedies of the first look do not mend, which is what the run then sees too. */
const SECOND_LOOK: Readonly<Record<string, string>> = {
  'l3-two-return-route-and-output-drop':
    'what the host drops of the replies shows once the router has its route; the second look then widens the remedy',
};

/** The checks a run repeats once the remedies are in place, and expects to pass. */
function fixable(evidence: Evidence): readonly string[] {
  const checks = evidence.probes
    .filter(({ purpose }) => purpose === 'check')
    .map(({ id, from, to, over }): CheckPlan => ({ id, from, to, over, expect: { kind: 'reachable' }, line: 1 }));
  return fixableChecks(checks, diagnose(evidence)).map(({ id }) => id);
}

interface Predicted {
  readonly id: string;
  readonly fixable: readonly string[];
  readonly prediction: PredictionResult;
}

const all = recordedIds().flatMap((id): readonly Predicted[] => {
  const evidence = recorded(id);
  const checks = fixable(evidence);
  if (checks.length === 0) return [];
  const { prediction } = predictedTogether(diagnose(evidence), evidence.probes, new Predictor(evidence));
  return prediction ? [{ id, fixable: checks, prediction }] : [];
});

describe('what is predicted of the remedies of recorded runs', () => {
  it('is not predictable for a tenth of them at most, each for a reason', () => {
    const not = all.filter(({ prediction }) => prediction.kind === 'not-predictable').map(({ id }) => id);
    expect(not).to.have.members(Object.keys(NOT_PREDICTABLE));
    expect(not.length).to.be.at.most(all.length / 10);
  });

  for (const { id, fixable: checks, prediction } of all) {
    if (prediction.kind === 'not-predictable' || SECOND_LOOK[id] !== undefined || LEFT_OPEN[id] !== undefined) continue;
    it(`${id}: what a run verifies passes, and nothing that passes fails`, () => {
      expect(checks.filter((check) => !prediction.mended.includes(check))).to.deep.equal([]);
      expect(prediction.broken).to.deep.equal([]);
      expect(prediction.open.filter((one) => !checks.includes(one.id))).to.deep.equal([]);
    });
  }

  for (const id of Object.keys(LEFT_OPEN))
    it(`${id}: leaves open what is not in the model, and promises nothing`, () => {
      const prediction = all.find((one) => one.id === id)?.prediction;
      expect(prediction?.kind === 'predicted' && prediction.open.length).to.be.greaterThan(0);
      expect(prediction?.kind === 'predicted' && prediction.mended).to.deep.equal([]);
    });

  for (const id of Object.keys(SECOND_LOOK))
    it(`${id}: shows what the remedies of the first look leave failing`, () => {
      const prediction = all.find((one) => one.id === id)?.prediction;
      expect(prediction?.kind === 'predicted' && prediction.failing.length).to.be.greaterThan(0);
    });

  it('is the same for one remedy alone, where there is one cause alone', () => {
    const evidence = recorded('l3-host-output-drop');
    const [one] = diagnose(evidence).found;
    const prediction = predictionResult(new Predictor(evidence).after(one?.remedies[0]?.changes ?? []));
    expect(prediction).to.deep.equal(all.find(({ id }) => id === 'l3-host-output-drop')?.prediction);
    expect(prediction.sentence).to.equal('Predicted: 4 of 4 failing checks pass, nothing else changes.');
  });

  it('says what stops a check all the same, where one of two causes is fixed alone', () => {
    const evidence = recorded('l3-two-nat-and-kill-switch');
    const [one] = diagnose(evidence).found;
    const prediction = predictionResult(new Predictor(evidence).after(one?.remedies[0]?.changes ?? []));
    expect(prediction.sentence).to.match(/^Predicted: nothing changes\. .* still fails: it goes out/);
  });

  it('changes nothing without a change', () => {
    for (const id of recordedIds()) {
      const nothing = new Predictor(recorded(id)).after([]);
      const changed = nothing.kind === 'predicted' ? nothing.checks.filter(passesOtherwise) : [];
      expect(changed, id).to.deep.equal([]);
    }
  }).timeout(60_000);
});

function passesOtherwise({ before, then }: { readonly before: string; readonly then: string }): boolean {
  return (before === 'all') !== (then === 'arrives');
}
