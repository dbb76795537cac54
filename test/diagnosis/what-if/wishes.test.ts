import { expect } from 'chai';
import { parseWhatIf } from '../../../src/diagnosis/what-if/language.js';
import { Predictor } from '../../../src/diagnosis/what-if/predict-changes.js';
import { DoctorError } from '../../../src/errors.js';
import { predictionResult } from '../../../src/report/prediction.js';
import { seenFromHost } from '../../replay/seen-from-host.js';
import { recorded, type Situation } from '../situation.js';

const asked = (situation: Situation, text: string) =>
  predictionResult(new Predictor(situation).afterWishes(parseWhatIf(text)));

const ROUTE_BACK = 'add route 192.168.10.0/24 via 192.168.0.2 on gateway';

describe('a change that a user thinks of', () => {
  const routeless = recorded('article-first-attempt');

  it('is predicted for every check: which pass then, and which still fail', () => {
    const one = asked(routeless, ROUTE_BACK);
    if (one.kind !== 'predicted') throw new Error(one.sentence);
    expect(one.mended).to.include('webapp>google.com/icmp');
    expect(one.failing.map(({ id }) => id).filter((id) => id.includes('webapp'))).to.deep.equal([]);
    const both = asked(routeless, `${ROUTE_BACK}; add route 192.168.20.0/24 via 192.168.0.2 on router`);
    expect(both.sentence).to.equal('Predicted: 5 of 5 failing checks pass, nothing else changes.');
  });

  it('is told with the place where a check then ends', () => {
    const cut = asked(recorded('l3-forwarding-off'), 'drop icmp from webapp to any on host');
    if (cut.kind !== 'predicted') throw new Error(cut.sentence);
    const broken = cut.broken.find(({ id }) => id === 'webapp>gateway/icmp') ?? cut.broken[0];
    expect(broken?.place).to.deep.equal({ direction: 'forward', hop: 'host-output', node: 'host' });
    expect(cut.broken.every(({ id }) => id.startsWith('webapp>'))).to.equal(true);
  });

  it('opens what a filter drops', () => {
    const dropped = recorded('l3-host-output-drop');
    const opened = asked(dropped, 'allow icmp from any to any on host');
    expect(opened.kind === 'predicted' && opened.mended).to.include('webapp>google.com/icmp');
  });

  it('on a router that was not seen assumes that the router lacks it and is in order otherwise, and says so', () => {
    const prediction = asked(seenFromHost(routeless), ROUTE_BACK);
    expect(prediction.kind === 'predicted' && prediction.mended).to.include('webapp>google.com/icmp');
    expect(prediction.sentence).to.match(/gateway.* not observed: assumed to be in order otherwise\.$/);
  });

  it('on a router that was not seen promises nothing of what has to do with no failing check', () => {
    const prediction = asked(seenFromHost(routeless), 'add route 10.77.0.0/24 via 192.168.0.2 on gateway');
    expect(prediction.kind === 'predicted' ? prediction.mended : []).to.deep.equal([]);
  });

  it('is rejected as the kernel would', () => {
    const prediction = asked(routeless, 'add route 192.168.10.0/24 via 10.9.9.9 on gateway');
    expect(prediction.sentence).to.equal(
      'Not predictable: the change is rejected: no link of gateway is in a subnet with the next hop 10.9.9.9.',
    );
  });

  it('names what there is, for a node or network of another name', () => {
    const naming = () => asked(routeless, 'link enp0s3 up on hots');
    expect(naming).to.throw(DoctorError, 'no node is called "hots". Did you mean "host"?');
    expect(() => asked(routeless, 'recreate network nope mode l2')).to.throw(
      DoctorError,
      'no network is called "nope"',
    );
  });
});
