import { expect } from 'chai';
import { dropsInstance, removeDrops } from '../../../src/probes/capture/drops.js';
import { lookScript } from '../../../src/probes/script.js';
import type { Looked, LookRequest } from '../../../src/probes/look-request.js';
import type { CheckPlan } from '../../../src/scenario/plan.js';
import { check, has, ICMP, instead, looksUp, named, requestOf, see as seeIn, summary, tcp } from './asking.js';
import { withNamespaces, type Namespaces } from './namespaces.js';

/** A node whose namespace cannot be entered. */
const hung = {
  name: 'hung',
  kind: 'peer' as const,
  addresses: [],
  enter: ['sh', '-c', 'sleep 1000'],
  pid: undefined,
};

describe('a look, in namespaces', function () {
  this.timeout(30_000);
  let net: Namespaces;

  withNamespaces((made) => {
    net = made;
  });

  const see = (checks: readonly CheckPlan[], more: Partial<LookRequest> = {}) => seeIn(net, checks, more);

  describe('a probe in a look', () => {
    const rows: readonly (readonly [string, CheckPlan, string])[] = [
      ['a neighbour that answers', check('host', '10.9.0.2', ICMP), '5/5'],
      ['a neighbour that answers over IPv6', check('host', 'fd09::2', ICMP), '5/5'],
      ['a black hole on the way', check('host', '10.7.0.1', ICMP), '0/5 timeout'],
      ['an address without a node to answer ARP', check('host', '10.9.0.9', ICMP), '0/5 host-unreachable'],
      ['no route', check('lan', '99.9.9.9', ICMP), '0/5 no-route'],
      ['no route over IPv6', check('host', 'fd01::1', ICMP), '0/5 no-route'],
      ['packets the sender’s host rejects', check('host', '10.5.0.2', ICMP), '0/5 refused-locally'],
      [
        'a packet larger than the link takes',
        check('host', '10.9.0.2', { protocol: 'mtu', bytes: 1600 }),
        '0/2 too-big',
      ],
      ['a packet the link just takes', check('host', '10.9.0.2', { protocol: 'mtu', bytes: 1500 }), '2/2'],
      ['an address that answers ARP', check('host', '10.9.0.2', { protocol: 'arp' }), '3/3'],
      ['an address that no node answers ARP for', check('host', '10.9.0.9', { protocol: 'arp' }), '0/3 timeout'],
      ['a port that listens', check('host', '10.8.0.1', tcp(8080)), '1/1'],
      ['a closed port', check('host', '10.8.0.1', tcp(9)), '0/1 refused'],
      ['a port behind a filter that drops', check('host', '10.8.0.1', tcp(81)), '0/1 timeout'],
      ['a port behind a filter that says so', check('host', '10.8.0.1', tcp(83)), '0/1 host-unreachable'],
      ['a port without a route to it', check('lan', '99.9.9.9', tcp(80)), '0/1 no-route'],
      ['a UDP service that echoes', check('host', '10.8.0.1', { protocol: 'udp', port: 7 }), '1/1'],
      ['a UDP port that does not reply', check('host', '10.7.0.1', { protocol: 'udp', port: 7 }), '0/1 timeout'],
      ['a web server', check('host', '10.8.0.1', { protocol: 'http' }), '1/1'],
      ['a DNS server that is not there', check('host', '10.8.0.1', { protocol: 'dns' }), '0/1 refused'],
      ['a name that cannot be resolved', named(check('host', '10.9.0.2', ICMP), 'no.such'), '0/5 not-resolved'],
      ['a node that does not exist', check('absent', '10.9.0.2', ICMP), 'broken: There is no such node.'],
    ];
    let looked: Looked;

    before(async () => {
      await net.expect(`ip netns exec lan nft '
        add table inet guard; add chain inet guard pass { type filter hook forward priority 0; }
        add rule inet guard pass tcp dport 81 counter drop
        add rule inet guard pass tcp dport 83 counter reject with icmpx admin-prohibited'`);
      await net.expect(`cd /run; printf 'HTTP/1.0 200 OK\\r\\n\\r\\n' >page
        ip netns exec far nc -l -p 8080 >/dev/null 2>&1 </dev/null &
        ip netns exec far nc -l -N -p 80 >/dev/null 2>&1 <page &
        mkfifo echo; ip netns exec far sh -c 'nc -u -l -p 7 <echo | cat >echo' >/dev/null 2>&1 &
        until [ "$(ip netns exec far ss -Hlnut | wc -l)" = 3 ]; do sleep 0.05; done`);
      looked = await see(rows.map(([, one]) => one));
    });

    rows.forEach(([title, one, expected], row) => {
      it(title, async function () {
        if (looksUp(one) && !(await has(net, 'socat'))) this.skip();
        expect(summary(looked.probes[row]!.outcome)).to.equal(expected);
      });
    });

    it('keeps what the tools say', () => {
      const said = rows.map((_, row) => looked.probes[row]!.outcome).map((one) => ('said' in one ? one.said : []));
      expect(said[3]).to.deep.equal(['From 10.9.0.1 Destination Host Unreachable']);
      expect(said[6]!.join()).to.match(/no buffer space/i);
    });

    it('takes no longer than the slowest of them', () => expect(looked.durationMs).to.be.below(6000));
  });

  it('needs one timeout for twelve pings without a reply', async () => {
    const unanswered = (count: number) =>
      Array.from({ length: count }, (_, n) => check('host', `10.7.0.${n + 1}`, ICMP));
    const one = await see(unanswered(1));
    const twelve = await see(unanswered(12));
    expect(twelve.probes.map(({ outcome }) => summary(outcome))).to.deep.equal(Array(12).fill('0/5 timeout'));
    expect(twelve.durationMs).to.be.below(one.durationMs * 1.3);
  });

  describe('a look with facts', () => {
    let looked: Looked;

    before(async () => {
      looked = await see([check('host', '10.9.0.2', ICMP), check('far', '10.7.0.1', ICMP)], {
        facts: true,
        captures: [
          { node: 'host', device: 'eth0' },
          { node: 'lan', device: 'eth1' },
          { node: 'host', device: 'narrow' },
          { node: 'far', device: 'nosuch' },
        ],
      });
    });

    it('listens from before the first packet until after the last probe of any node', () => {
      const [host, lan] = looked.facts.captures!;
      const seen = (capture: typeof host, probe: number) =>
        capture!.packets.filter(({ content }) => 'id' in content && content.id === looked.probes[probe]!.tag).length;
      expect(seen(host, 0), 'requests and replies').to.equal(10);
      expect(seen(lan, 1), 'requests alone').to.equal(5);
    });

    it('tells which way packets went', () => {
      const [host, lan] = looked.facts.captures!;
      const ways = (capture: typeof host) =>
        capture!.packets.flatMap(({ content, direction }) =>
          content.kind === 'icmp' && content.id !== undefined ? [`${direction} ${content.type}`] : [],
        );
      expect(new Set(ways(host))).to.deep.equal(new Set(['out echo-request', 'in echo-reply']));
      expect(new Set(ways(lan))).to.deep.equal(new Set(['in echo-request']));
    });

    it('has a positive control only where one of its own packets was seen', () => {
      expect(looked.facts.captures!.map(({ control }) => control)).to.deep.equal(['seen', 'seen', 'none sent']);
    });

    it('says why a capture is missing, in the tool’s words', () => {
      expect(looked.missing.filter(({ fact }) => fact === 'captures')).to.deep.equal([
        { fact: 'captures', node: 'far', reason: 'tcpdump: nosuch: No such device exists' },
      ]);
    });

    it('knows links, routes of both families, rules, neighbours and sysctls of every node', () => {
      const { links, routes, rules, neighbours, sysctls } = looked.facts;
      expect(links!['host']!.map(({ name }) => name)).to.include.members(['lo', 'eth0', 'narrow']);
      expect(routes!['lan']!.find(({ destination }) => destination === '10.7.0.0/16')?.type).to.equal('blackhole');
      expect(routes!['lan']!.find(({ destination }) => destination === 'fd09::/64')?.family).to.equal(6);
      expect(rules!['far']!.map(({ family, table }) => `${family} ${table}`)).to.include.members(['4 main', '6 main']);
      expect(neighbours!['host']!.find(({ address }) => address === '10.9.0.2')?.state).to.match(
        /REACHABLE|DELAY|STALE/,
      );
      expect(sysctls!['lan']!['net.ipv4.ip_forward']).to.equal('1');
    });

    it('counts what moved while the probes ran', () => {
      expect(looked.facts.counters!['host']!.protocol['IcmpOutEchos']).to.equal(5);
      expect(looked.facts.counters!['host']!.txDropped).to.include({ eth0: 0 });
    });

    it('counts what each rule of the packet filter matched', async () => {
      await net.expect('iptables -A OUTPUT -d 10.6.0.0/16 -j DROP; iptables-legacy -A OUTPUT -d 10.7.0.0/16 -j DROP');
      const { facts } = await see([check('host', '10.6.0.1', ICMP), check('host', '10.7.0.1', ICMP)], { facts: true });
      expect(
        facts.firewall!['host']!.rules.map(({ backend, verdict, packets }) => [backend, verdict, packets]),
      ).to.deep.equal([
        ['iptables-nft', 'drop', 5],
        ['iptables-legacy', 'drop', 5],
      ]);
      await net.expect('iptables -F; iptables-legacy -F');
    });
  });

  it('says what answered when a name cannot be resolved', async function () {
    if (!(await has(net, 'socat'))) this.skip();
    const { probes } = await see([named(check('host', '10.9.0.2', ICMP), 'no.such')]);
    expect(probes[0]!.outcome).to.have.nested.property('said[0]', '10.9.0.2 itself answered 5 of 5');
  });

  it('lets a lookup that a busy machine starts late come to its own end', async function () {
    if (!(await has(net, 'socat'))) this.skip();
    await instead(net, ['socat', 'sleep 3.5; exec /run/real/socat "$@"'], async () => {
      const { probes } = await see([check('host', '10.7.0.1', { protocol: 'dns' })]);
      expect(summary(probes[0]!.outcome)).to.equal('0/1 timeout');
    });
  });

  it('says why a node’s facts are missing when it cannot be entered', async () => {
    const gone = {
      name: 'gone',
      kind: 'container' as const,
      addresses: [],
      enter: ['nsenter', '-t', '99999', '-n'],
      pid: 99999,
    };
    const { facts, missing, probes } = await see([check('gone', '10.9.0.2', ICMP), check('host', '10.9.0.2', ICMP)], {
      nodes: [...net.nodes, gone],
      facts: true,
    });
    expect(facts.links).to.not.have.property('gone');
    expect(missing.find(({ fact, node }) => fact === 'links' && node === 'gone')?.reason).to.match(
      /No such file or directory/,
    );
    expect(summary(probes[0]!.outcome)).to.match(/^broken: nsenter: .*No such file/);
    expect(summary(probes[1]!.outcome)).to.equal('5/5');
  });

  it('goes on with what there is when a namespace cannot be entered', async () => {
    const { missing, probes, facts } = await see([check('hung', '10.9.0.2', ICMP), check('host', '10.9.0.2', ICMP)], {
      nodes: [...net.nodes, hung],
      facts: true,
      patienceSeconds: 2,
    });
    expect(missing.find(({ fact, node }) => fact === 'links' && node === 'hung')?.reason).to.match(
      /did not end in time/,
    );
    expect(facts.links).to.include.keys('host');
    expect(probes.map(({ outcome }) => outcome.kind)).to.deep.equal(['broken', 'broken']);
  });

  it('traces the very rule that drops a packet, one with a set and a log statement and no counter too', async () => {
    await net.expect(`nft -f - <<'END'
table ip walls {
  set far { type ipv4_addr; elements = { 10.8.0.1 }; }
  chain out { type filter hook output priority 5; ip daddr @far log prefix "walled " drop; }
}
END`);
    const { facts, missing } = await see([check('host', '10.8.0.1', ICMP), check('host', '10.9.0.2', ICMP)], {
      facts: true,
      traced: ['host'],
    });
    await net.expect('nft delete table ip walls');
    expect(missing.filter(({ fact }) => fact === 'traces')).to.deep.equal([]);
    const traces = facts.traces?.['host'] ?? [];
    const dropped = { family: 'ip', table: 'walls', chain: 'out', rule: 'ip daddr @far log prefix "walled " drop' };
    expect(traces.find(({ destination }) => destination === '10.8.0.1')?.dropped).to.deep.equal(dropped);
    expect(traces.find(({ destination }) => destination === '10.9.0.2')?.dropped).to.equal(undefined);
    expect(facts.firewall?.['host']?.chains.map(({ table }) => table)).to.not.include('ipvlan_doctor_trace');
    expect(await net.expect('nft list tables')).to.not.include('ipvlan_doctor_trace');
  });

  describe('a look with the kernel’s own count of drops', () => {
    const drops = dropsInstance(`test-${process.pid}`);
    const counting = { facts: true, traced: ['host'], drops };
    const instances = () => net.expect('ls /sys/kernel/tracing/instances');

    before(async function () {
      if ((await net.run('ls /sys/kernel/tracing/events/skb/kfree_skb')).exitCode !== 0) this.skip();
      await net.expect('iptables -A OUTPUT -d 10.6.0.0/16 -j DROP');
    });
    after(() => net.run(`iptables -F; ${removeDrops(drops)}`));

    it('names the reason, and leaves nothing in the kernel', async () => {
      const { facts, missing } = await see([check('host', '10.6.0.1', ICMP)], counting);
      expect(missing.filter(({ fact }) => fact === 'drops')).to.deep.equal([]);
      const filtered = facts.drops!['host']!.filter(
        ({ reason, family }) => reason === 'NETFILTER_DROP' && family === 4,
      );
      expect(filtered.reduce((sum, { packets }) => sum + packets, 0)).to.be.at.least(5);
      // The kernel's process numbers are not those of the process namespace: no packet can be assigned to a probe.
      expect(filtered.map(({ tag }) => tag)).to.deep.equal(filtered.map(() => undefined));
      expect(await instances()).not.to.include(drops);
    });

    it('says why it is missing, and misses nothing else', async () => {
      await net.expect('mount -t tmpfs none /sys/kernel/tracing');
      const { facts, missing, probes } = await see([check('host', '10.9.0.2', ICMP)], counting);
      await net.expect('umount /sys/kernel/tracing');
      expect(missing).to.deep.include({ fact: 'drops', node: 'host', reason: 'the host has no tracefs mounted' });
      expect(facts.drops).to.deep.equal({});
      expect(facts.traces).to.have.keys('host');
      expect(summary(probes[0]!.outcome)).to.equal('5/5');
    });

    it('takes its instance away when it is ended', async () => {
      const request = requestOf(net, [], { nodes: [...net.nodes, hung], ...counting });
      const ended = net.run(lookScript(request));
      await net.expect(`until [ -d /sys/kernel/tracing/instances/${drops} ]; do sleep 0.05; done`);
      await net.expect("kill -HUP $(pgrep -o -f 'trap .trap .. TERM')");
      expect((await ended).exitCode).to.equal(1);
      expect(await instances()).not.to.include(drops);
    });

    it('can be rid of an instance that a killed look left', async () => {
      await net.expect(`mkdir /sys/kernel/tracing/instances/${drops}; ${removeDrops(drops)}; ${removeDrops(drops)}`);
      expect(await instances()).not.to.include(drops);
    });
  });

  it('leaves neither files nor processes', async () => {
    const processes = () => net.expect('ps -e -o stat=,args= | grep -v "^Z\\|ps -e\\|grep\\|nc \\|cat"');
    const before = await processes();
    await see([check('host', '10.9.0.2', ICMP)], {
      facts: true,
      captures: [{ node: 'host', device: 'eth0' }],
      traced: ['host'],
    });
    expect(await processes()).to.equal(before);
    expect(await net.expect('ls -A /tmp')).to.equal('');
  });
});
