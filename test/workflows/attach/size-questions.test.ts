import { expect } from 'chai';
import type { Link, NodeFact } from '../../../src/evidence/facts.js';
import type { Target } from '../../../src/scenario/plan.js';
import { makeCheck } from '../../../src/scenario/settle/settle-checks.js';
import { sizeQuestions } from '../../../src/workflows/attach/size-questions.js';

const NODES: readonly NodeFact[] = [
  { name: 'webapp', kind: 'container', addresses: ['192.168.0.100'] },
  { name: 'host', kind: 'host', addresses: ['192.168.0.2'] },
  { name: 'gateway', kind: 'gateway', addresses: ['192.168.0.1'] },
  { name: 'internet', kind: 'internet', addresses: ['8.8.8.8', '1.1.1.1'] },
];
const to = (node: string, address: string): Target => ({ label: address, node, name: undefined, address });
const ASKED = [
  makeCheck('webapp', to('gateway', '192.168.0.1'), { protocol: 'icmp' }),
  makeCheck('webapp', to('internet', '8.8.8.8'), { protocol: 'icmp' }),
  makeCheck('webapp', to('internet', '1.1.1.1'), { protocol: 'icmp' }),
  makeCheck('webapp', to('internet', '8.8.8.8'), { protocol: 'tcp', port: 443 }),
];
const idsWith = (mtus: readonly number[]) => {
  const links = mtus.map((mtu, at) => ({ name: at === 0 ? 'lo' : `eth${at - 1}`, mtu })) as unknown as readonly Link[];
  return sizeQuestions(ASKED, { container: 'webapp', nodes: NODES, surveyed: { inside: { webapp: links } } }).map(
    ({ id }) => id,
  );
};

describe('large packets', () => {
  it('are sent beside the small ones, from the container and from the host', () => {
    expect(idsWith([65_536, 1500])).to.deep.equal([
      'webapp>192.168.0.1/mtu/1500',
      'webapp>8.8.8.8/mtu/1500',
      'webapp>1.1.1.1/mtu/1500',
      'webapp>8.8.8.8/mtu/1400',
      'host>8.8.8.8/mtu/1500',
    ]);
  });

  it('are as large as the container’s link carries, and to the internet no larger than an uplink carries', () => {
    expect(idsWith([65_536, 9000]).slice(0, 2)).to.deep.equal([
      'webapp>192.168.0.1/mtu/9000',
      'webapp>8.8.8.8/mtu/1500',
    ]);
    expect(idsWith([65_536, 1380]))
      .to.include('webapp>8.8.8.8/mtu/1380')
      .and.not.include('webapp>8.8.8.8/mtu/1400');
  });

  it('are not sent where the container’s links were not seen', () => {
    expect(idsWith([65_536])).to.deep.equal([]);
  });
});
