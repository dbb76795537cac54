import { expect } from 'chai';
import { lossIn } from '../../../src/path/observe/loss.js';
import { PASSES, type PredictedHop } from '../../../src/path/predict/leg.js';
import type { Hop } from '../../../src/path/hop.js';

const step = (hop: Hop, node: string, device?: string): PredictedHop => ({
  hop,
  node,
  text: '',
  predicted: PASSES,
  ...(device === undefined ? {} : { vantage: { node, device } }),
});

/** From a container over host and gateway, of five packets. */
function lossOf(seen: Readonly<Record<string, number | undefined>>) {
  const steps = [
    step('container-firewall', 'webapp', 'eth0'),
    step('host-output', 'host'),
    step('parent', 'host', 'enp0s3'),
    step('lan', 'host'),
    step('gateway', 'gateway', 'lan0'),
    step('gateway-nat', 'gateway'),
    step('uplink', 'gateway', 'wan0'),
    step('target', 'internet'),
  ];
  const { at, loss } = lossIn(
    steps.map((one) => ({ step: one, packets: one.vantage && seen[one.vantage.device] })),
    5,
  );
  return [steps[at]?.hop, loss.before?.device, loss.after?.device];
}

describe('where packets begin to be missing', () => {
  for (const [title, seen, where] of [
    ['on the wire', { eth0: 5, enp0s3: 5, lan0: 3, wan0: 3 }, ['lan', 'enp0s3', 'lan0']],
    ['in the host, before its parent', { eth0: 5, enp0s3: 3, lan0: 3, wan0: 3 }, ['parent', 'eth0', 'enp0s3']],
    ['in the gateway', { eth0: 5, enp0s3: 5, lan0: 5, wan0: 4 }, ['uplink', 'lan0', 'wan0']],
    ['beyond the last that was looked at', { eth0: 5, enp0s3: 5, lan0: 5, wan0: 5 }, ['target', 'wan0', undefined]],
    ['before the first that was looked at', { eth0: undefined, enp0s3: 2 }, ['parent', undefined, 'enp0s3']],
    ['where only few looked: from the last that saw them all on', { eth0: 5, wan0: 1 }, ['lan', 'eth0', 'wan0']],
    ['unknown where no capture looked', {}, ['target', undefined, undefined]],
  ] as const)
    it(`is ${title}`, () => expect(lossOf(seen)).to.deep.equal(where));
});
