import { expect } from 'chai';
import type { ProbeResult } from '../../src/evidence/evidence.js';
import { sentText } from '../../src/report/words.js';
import { sentBy } from '../../src/workflows/scenario-result.js';

const probe = (packets?: number): ProbeResult => ({
  id: 'a>b',
  from: 'a',
  to: { label: 'b', node: undefined, name: undefined, address: '10.0.0.2' },
  over: { protocol: 'icmp' },
  purpose: 'check',
  command: 'ping',
  tag: 20_000,
  outcome: { kind: 'broken', error: '' },
  ...(packets === undefined ? {} : { packets }),
});

describe('what a look sent', () => {
  it('is the sum of the budgets of its probes', () => {
    const { sent } = sentBy({ probes: [probe(115), probe(1), probe()] });
    expect(sent).to.deep.equal({ probes: 2, packets: 116 });
    expect(sentText(sent!)).to.equal('Sent: 2 probes handed at most 116 packets to the kernel.');
  });

  it('is not known from evidence of older versions', () => {
    expect(sentBy({ probes: [probe()] })).to.deep.equal({});
  });
});
