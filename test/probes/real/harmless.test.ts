import { expect } from 'chai';
import { traceTable } from '../../../src/probes/capture/trace-table.js';
import { dropsInstance } from '../../../src/probes/capture/drops.js';
import { FLOW_PROBES } from '../../../src/probes/flows/flow-probes.js';
import { look } from '../../../src/probes/look.js';
import type { Looked } from '../../../src/probes/look-request.js';
import type { CheckPlan } from '../../../src/scenario/plan.js';
import { check, has, ICMP, instead, requestOf, see, summary, tcp } from './asking.js';
import { withNamespaces, type Namespaces } from './namespaces.js';

/** A program that may do nothing to the network, as a container without CAP_NET_ADMIN may not. */
const forbidden = (program: string) =>
  `exec setpriv --bounding-set -net_admin,-net_raw --inh-caps -net_admin,-net_raw /run/real/${program} "$@"`;

/** An nft on a kernel that knows no owner of a table: Linux before 5.13. */
const OWNERLESS = `case $* in
-i) while read -r word file; do
    case $word in quit) exit ;; include) ! grep -q owner "$(eval echo $file)" || echo 'Error: Could not process rule: Operation not supported' ;; esac
  done ;;
*) exec /run/real/nft "$@" ;;
esac`;

const WANTED = {
  facts: true,
  traced: ['host'],
  traceTable: traceTable('r-1'),
  captures: [{ node: 'host', device: 'eth0' }],
  patienceSeconds: 8,
};

describe('a look that may not do all it wants', function () {
  this.timeout(30_000);
  let net: Namespaces;

  withNamespaces((made) => {
    net = made;
  });

  for (const [program, fact] of [
    ['nft', 'traces'],
    ['tcpdump', 'captures'],
  ] as const) {
    for (const [what, script] of [
      ['is forbidden', forbidden(program)],
      ['is missing', `echo "sh: ${program}: not found" >&2; exit 127`],
      ['ends without a word', 'exit 1'],
    ] as const) {
      it(`loses the ${fact} alone, and no time, where ${program} ${what}`, () =>
        instead(net, [program, script], async () => {
          const { missing, probes, durationMs } = await see(net, [check('host', '10.9.0.2', ICMP)], WANTED);
          expect(probes.map(({ outcome }) => summary(outcome))).to.deep.equal(['5/5']);
          expect(missing.filter((one) => one.fact === fact).map(({ reason }) => reason)).to.not.include('');
          expect(missing.map((one) => one.fact)).to.include(fact);
          expect(durationMs).to.be.below(5000);
        }));
    }
  }

  it('traces on a kernel that cannot tie a table to a process, and removes the table', async () => {
    await net.expect('nft add table ip walls; nft add chain ip walls out "{ type filter hook output priority 5; }"');
    await net.expect('nft add rule ip walls out ip daddr 10.8.0.1 drop');
    await instead(net, ['nft', OWNERLESS], async () => {
      const { missing, facts } = await see(net, [check('host', '10.8.0.1', ICMP)], WANTED);
      expect(missing.filter(({ fact }) => fact === 'traces')).to.deep.equal([]);
      expect(facts.traces?.['host']?.[0]?.dropped?.rule).to.equal('ip daddr 10.8.0.1 drop');
    });
    expect(await net.expect('nft list tables; nft delete table ip walls')).not.to.include('ipvlan_doctor');
  });
});

describe('a look beside the traffic of others', function () {
  this.timeout(30_000);
  let net: Namespaces;

  withNamespaces((made) => {
    net = made;
  });

  it('traces the packets of its probes and no others, also with the same port or identifier', async () => {
    const request = requestOf(net, [check('host', '10.8.0.1', ICMP), check('host', '10.8.0.1', tcp(8080))], WANTED);
    const { firstTag } = request;
    const listening = net.run('timeout 6 nft monitor trace');
    // Others to the same target from another port, to another target from the same port, and with other identifiers.
    const others = [
      `nc -n -z -w 1 -p ${firstTag + 100} 10.8.0.1 8080`,
      `nc -n -z -w 1 -p ${firstTag + 1} 10.9.0.2 8080`,
      `ping -n -c 1 -W 1 -e ${firstTag + 7} 10.8.0.1`,
      `ping -n -c 1 -W 1 -e ${firstTag} 10.9.0.2`,
    ];
    const noise = net.run(
      `until nft list tables | grep -q trace; do :; done; ${others.map((one) => `${one} &`).join(' ')} wait`,
    );
    const { facts } = await look(net, request);
    await noise;
    const traced = (await listening).stdout.toString();
    const packets = traced.split('\n').filter((line) => / packet: /.test(line));
    expect(facts.traces?.['host']?.map(({ tags }) => tags[0])).to.include.members([firstTag, firstTag + 1]);
    expect(packets.filter((line) => !line.includes('10.8.0.1'))).to.deep.equal([]);
    expect(packets.filter((line) => new RegExp(`port ${firstTag + 100}|id ${firstTag + 7} `).test(line))).to.deep.equal(
      [],
    );
  });

  it('disturbs no other look at the same time, even one that was given the same tags', async () => {
    const checks = [check('host', '10.8.0.1', ICMP), check('host', '10.8.0.1', tcp(8080))];
    const one = requestOf(net, checks, { ...WANTED, shared: true });
    const looks = ['r-1', 'r-2'].map((run) =>
      look(net, { ...one, traceTable: traceTable(run), drops: dropsInstance(run) }),
    );
    const [first, second] = await Promise.all(looks);
    const tagsOf = (looked: Looked | undefined) => looked!.probes.map(({ tag }) => tag!);
    expect(tagsOf(second)).to.not.include.members(tagsOf(first));
    for (const looked of [first!, second!]) {
      const ours = new Set(tagsOf(looked));
      expect(looked.probes.map(({ outcome }) => summary(outcome))).to.deep.equal(['5/5', '0/1 refused']);
      expect(looked.missing.map(({ fact }) => fact)).to.not.include('traces');
      const captured = looked.facts.captures![0]!.packets.map(({ content }) => content);
      const echoes = captured.flatMap((content) =>
        content.kind === 'icmp' && content.id !== undefined ? [content.id] : [],
      );
      expect(new Set(echoes)).to.deep.equal(new Set([tagsOf(looked)[0]]));
      expect(looked.facts.traces!['host']!.every(({ tags }) => tags.some((tag) => ours.has(tag)))).to.equal(true);
      expect(looked.facts.firewall!['host']!.chains).to.deep.equal([]);
    }
    expect(await net.expect('nft list tables; ls -A /tmp /sys/kernel/tracing/instances')).to.not.match(/ipvlan|tmp\./);
  });

  it('lets no flood fill a capture, and says that it stopped', async () => {
    const flood = net.run('until pgrep -x tcpdump; do :; done; timeout 2 ping -q -f -c 4000 10.9.0.2');
    const { missing, facts, probes, pcaps } = await see(net, [check('host', '10.9.0.2', ICMP)], WANTED);
    await flood;
    expect(probes.map(({ outcome }) => summary(outcome))).to.deep.equal(['5/5']);
    expect(missing.find(({ fact }) => fact === 'captures')?.reason).to.match(/^truncated: .*2040 packets$/);
    expect(facts.captures).to.deep.equal([]);
    expect([...pcaps.keys()]).to.deep.equal(['host-eth0.pcap']);
  });
});

describe('a probe of an address', function () {
  this.timeout(30_000);
  let net: Namespaces;

  withNamespaces((made) => {
    net = made;
  });

  /** What leaves via narrow is rejected (ENOBUFS); the filter drops, rejects or lets through what goes to these. */
  const WALLS: Readonly<Record<string, string>> = {
    'the host has no room for its packets': '10.5.0.2',
    'the host drops its packets': '10.8.0.11',
    'the host rejects its packets': '10.8.0.12',
    'its packets are lost further on': '10.7.0.1',
  };
  const asked = (to: string): readonly CheckPlan[] => [
    check('host', to, ICMP),
    check('host', to, { protocol: 'mtu', bytes: 1000 }),
    check('host', to, tcp(80)),
    check('host', to, { protocol: 'udp', port: 7 }),
    check('host', to, { protocol: 'http' }),
    check('host', to, { protocol: 'dns' }),
  ];
  /** Counts what each probe hands to the kernel, by its protocol and port, before anything else can stop it. */
  const COUNT = `nft -f - <<'END'
table ip counted {
  chain first { type filter hook output priority -450;
    ip daddr @@ icmp type echo-request ip length 84 counter
    ip daddr @@ icmp type echo-request ip length 1000 counter
    ip daddr @@ tcp dport 80 counter
    ip daddr @@ udp dport 7 counter
    ip daddr @@ udp dport 53 counter
  }
}
table ip walls {
  chain out { type filter hook output priority 5
    ip daddr 10.8.0.11 drop
    ip daddr 10.8.0.12 reject
  }
}
END`;

  for (const [where, to] of Object.entries(WALLS)) {
    it(`sends no more than its budget where ${where}`, async function () {
      const checks = asked(to).filter((one) => one.over.protocol !== 'dns');
      const all = (await has(net, 'socat')) ? asked(to) : checks;
      await net.expect(COUNT.replaceAll('@@', to));
      const { probes } = await see(net, all);
      const printed = await net.expect(
        'nft list chain ip counted first; nft delete table ip counted; nft delete table ip walls',
      );
      const counts = [...printed.matchAll(/packets (\d+)/g)].map(([, packets]) => Number(packets));
      const budget = (...protocols: readonly (keyof typeof FLOW_PROBES)[]) =>
        protocols.reduce((sum, protocol) => sum + FLOW_PROBES[protocol].packets({ pings: undefined }), 0);
      const most = [budget('icmp'), budget('mtu'), budget('tcp', 'http'), budget('udp'), budget('dns')];
      expect(counts.map((count, at) => count <= most[at]!)).to.deep.equal(
        most.map(() => true),
        String(counts),
      );
      expect(counts.slice(0, 4)).to.not.include(0);
      expect(probes.filter(({ outcome }) => outcome.kind === 'broken')).to.deep.equal([]);
    });
  }

  it('keeps no more of an endless page than its budget', async () => {
    await net.expect(`ip netns exec far sh -c 'yes "HTTP/1.0 200 OK" | nc -l -p 80' >/dev/null 2>&1 &
      until [ "$(ip netns exec far ss -Hlnt | wc -l)" = 1 ]; do :; done`);
    const { probes, durationMs } = await see(net, [check('host', '10.8.0.1', { protocol: 'http' })]);
    expect(summary(probes[0]!.outcome)).to.equal('1/1');
    expect(durationMs).to.be.below(4000);
  });
});
