import { expect } from 'chai';
import { parentTcXdpOrNetdevFilter } from '../../../../src/diagnosis/causes/link/parent-tc-xdp-or-netdev-filter.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { dropping, hostFilteredToo, siblingFiltered, siblingsFiltered, unanswered } from '../../filtered-link.js';
import { arriving, change, describeCause, recorded, withoutPackets, type Situation } from '../../situation.js';

const egress = recorded('l3-netdev-egress-filter');
const ingress = recorded('l3-tc-ingress-filter');

const BETWEEN = 'webapp>database/icmp';

/** As if nothing else had been asked. */
function only(situation: Situation, id: string): Situation {
  return { ...situation, probes: situation.probes.filter((probe) => probe.id === id) };
}

/** As if an XDP program were attached to the parent, of which only the name is known. */
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
    'an nftables rule on packets that leave through the parent': egress,
    'a tc filter on packets that come in': ingress,
    'a program whose effect cannot be read, where packets are lost between wire and container': program,
    'packets from one macvlan container to another, which pass the parent': siblingsFiltered(),
  },
  leavesAlone: {
    'a filter on another link': change(ingress, ({ linkFilters }) => ({
      linkFilters: { host: (linkFilters['host'] ?? []).map((filter) => ({ ...filter, device: 'eth9' })) },
    })),
    'a filter that lets through': change(ingress, ({ linkFilters }) => ({
      linkFilters: { host: (linkFilters['host'] ?? []).map((filter) => ({ ...filter, action: 'pass' })) },
    })),
    'a program while nothing comes in at all': withoutPackets(program, 'host', ({ direction }) => direction === 'in'),
    'IPvlan containers that do not reach each other, which the parent never sees': change(
      only(unanswered(recorded('l2-healthy'), BETWEEN), BETWEEN),
      () => ({ linkFilters: { host: [dropping('192.168.0.0/24', 'c0a80000/ffffff00')] } }),
    ),
    'a macvlan container that receives requests of another, and does not reply': change(
      only(unanswered(recorded('macvlan-healthy'), BETWEEN), BETWEEN),
      () => ({ linkFilters: { host: [dropping('192.168.0.101', 'c0a80065/ffffffff')] } }),
    ),
    'containers that arrive': arriving(egress, '*'),
    'a drop in OUTPUT, where no packet leaves either': recorded('l3-host-output-drop'),
  },
});

describe('a filter on the parent that drops packets for the host too', () => {
  it('explains that the host gets no reply, and nothing stays unexplained', () => {
    const { found, unexplained } = diagnose(hostFilteredToo());
    expect(found.map(({ cause }) => cause.id)).to.deep.equal([parentTcXdpOrNetdevFilter.id]);
    expect(found[0]?.ruling.explains).to.include('host>google.com/icmp');
    expect(unexplained).to.deep.equal([]);
  });
});

describe('a filter on the parent of macvlan containers', () => {
  it('explains that they do not reach each other in either direction, and nothing stays unexplained', () => {
    const { found, unexplained } = diagnose(siblingFiltered());
    expect(found.map(({ cause }) => cause.id)).to.deep.equal([parentTcXdpOrNetdevFilter.id]);
    expect(found[0]?.ruling.explains).to.include.members([BETWEEN, 'database>webapp/icmp', 'laptop>database/icmp']);
    expect(unexplained).to.deep.equal([]);
  });

  it('is explained by the container that receives nothing, and lets both through where it drops the replies too', () => {
    const [both] = diagnose(siblingsFiltered()).found;
    expect(both?.explanation).to.match(/^webapp cannot reach database .* drops packets for 192\.168\.0\.101\.$/);
    const asked = /src 192\.168\.0\.100 match ip dst 192\.168\.0\.101 match ip protocol 1 0xff match ip icmp_type 8 /;
    const answered =
      /src 192\.168\.0\.101 match ip dst 192\.168\.0\.100 match ip protocol 1 0xff match ip icmp_type 0 /;
    const runs = both?.remedies[0]?.commands.map(({ run }) => run).join('\n');
    expect(runs).to.match(asked).and.to.match(answered);
    const [one] = diagnose(siblingFiltered()).found;
    const spared = one?.remedies[0]?.commands.map(({ run }) => run).join('\n');
    expect(spared).to.match(
      /src 192\.168\.0\.100 match ip dst 192\.168\.0\.101 match ip protocol 6 0xff match ip dport 3306 /,
    );
    expect(spared).to.not.match(/src 192\.168\.0\.101 /);
  });
});
