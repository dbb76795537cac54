import { expect } from 'chai';
import { parseQueues } from '../../../src/probes/facts/queues.js';

/** What iproute2 6.15 printed. */
const PRINTED = `qdisc noqueue 0: dev lo root refcnt 2 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
qdisc prio 1: dev lan0 root refcnt 9 bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
 Sent 3280 bytes 40 pkt (dropped 12, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
qdisc netem 40: dev lan0 parent 1:4 limit 1000 loss 100% seed 4711
 Sent 0 bytes 0 pkt (dropped 12, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
`;

describe('tc -s qdisc show', () => {
  it('tells queues of a link from those within them, and what each has dropped', () => {
    expect(parseQueues(PRINTED)).to.deep.equal([
      { device: 'lo', kind: 'noqueue', parent: undefined, options: '', dropped: 0 },
      {
        device: 'lan0',
        kind: 'prio',
        parent: undefined,
        options: 'bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1',
        dropped: 12,
      },
      { device: 'lan0', kind: 'netem', parent: '1:4', options: 'limit 1000 loss 100% seed 4711', dropped: 12 },
    ]);
  });

  it('is nothing where there are none', () => expect(parseQueues('')).to.deep.equal([]));
});
