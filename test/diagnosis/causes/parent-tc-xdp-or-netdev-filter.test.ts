import { expect } from 'chai';
import { parentTcXdpOrNetdevFilter } from '../../../src/diagnosis/causes/parent-tc-xdp-or-netdev-filter.js';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { hostFilteredToo } from '../filtered-link.js';
import { arriving, change, describeCause, recorded, withoutPackets, type Situation } from '../situation.js';

const egress = recorded('l3-netdev-egress-filter');
const ingress = recorded('l3-tc-ingress-filter');

/** As if what hangs on the parent were an XDP program, of which only its name is known. */
const program: Situation = change(ingress, () => ({
  linkFilters: {
    host: [
      {
        device: 'enp0s3',
        way: 'ingress',
        kind: 'xdp',
        text: 'XDP program agent id 7',
        priority: undefined,
        action: undefined,
        source: undefined,
        destination: undefined,
        packets: undefined,
      },
    ],
  },
}));

describeCause(parentTcXdpOrNetdevFilter, {
  recognises: {
    'an nftables rule on what leaves by the parent': egress,
    'a tc filter on what comes in': ingress,
    'a program that alone knows what it drops, where packets vanish between wire and container': program,
  },
  leavesAlone: {
    'a filter on another link': change(ingress, ({ linkFilters }) => ({
      linkFilters: { host: (linkFilters['host'] ?? []).map((filter) => ({ ...filter, device: 'eth9' })) },
    })),
    'a filter that lets through': change(ingress, ({ linkFilters }) => ({
      linkFilters: { host: (linkFilters['host'] ?? []).map((filter) => ({ ...filter, action: 'pass' })) },
    })),
    'a program while nothing comes in at all': withoutPackets(program, 'host', ({ direction }) => direction === 'in'),
    'containers that arrive': arriving(egress, '*'),
    'a drop in OUTPUT, where as little leaves': recorded('l3-host-output-drop'),
  },
});

describe('a filter on the parent that takes what is for the host, too', () => {
  it('is why the host gets no answer, and nothing stays unexplained', () => {
    const { found, unexplained } = diagnose(hostFilteredToo());
    expect(found.map(({ cause }) => cause.id)).to.deep.equal([parentTcXdpOrNetdevFilter.id]);
    expect(found[0]?.ruling.explains).to.include('host>google.com/icmp');
    expect(unexplained).to.deep.equal([]);
  });
});
