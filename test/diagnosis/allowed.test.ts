import { expect } from 'chai';
import type { PrintedCommand } from '../../src/diagnosis/diagnosis.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { filtered } from '../../src/network/filter.js';
import { matchesRule, type Passing } from '../../src/network/rule-match.js';
import { packetOf } from '../../src/diagnosis/remedies/traffic.js';
import { insertedBy, withInserted } from './allowed.js';
import { alsoAsked, lost, recorded, recordedIds, withFirewall } from './situation.js';

/** Commands of every filter program that let packets through; rules of NAT tables open nothing. */
function openings(run: string): readonly string[] {
  if (/-t nat |\bmasquerade\b|firewall nat|NAT >/i.test(run)) return [];
  return run
    .split(/&&|\|\|/)
    .filter((part) => /\baccept\b(?!-routes)|-j ACCEPT|Rules > LAN: pass|-Action Allow/.test(part));
}

const PEER =
  /\bdaddr \S|\bsaddr \S.*\bdaddr \S|-d \S|destination address=|destination \S|Direction Inbound -RemoteAddress/;
const LOOKUP = /udp [ds]port 53 |-p udp --[ds]port 53 |port port="53" protocol="udp"|protocol udp, .*port 53$/;
const PROTOCOL = /\b(?:icmp|icmpv6) type |\b(?:tcp|udp) [ds]port \d|-p \S|protocol|icmp-type|-Protocol/;

/** What is found in one recorded run, with the rules that remedies insert into filters. */
const RUNS = recordedIds().map((id) => {
  const { found, flows } = diagnose(recorded(id));
  const runs = found.flatMap(({ remedies }) => remedies.flatMap(({ commands }) => commands.map(({ run }) => run)));
  // What is exempt from a redirect is so for every client, and opens nothing.
  const filters = found.filter(({ cause }) => cause.id !== 'reply-from-another-machine');
  const opening = filters.flatMap(({ ruling, remedies }) => {
    const rules = remedies.flatMap(({ commands }) => commands.flatMap((command) => insertedBy(command)?.rule ?? []));
    const open = rules.filter(({ table }) => table !== 'nat');
    return open.length > 0 ? [{ ruling, open }] : [];
  });
  return { id, flows, opened: runs.flatMap(openings), opening };
});

describe('what remedies of filters allow', () => {
  for (const { id, opened } of RUNS.filter((run) => run.opened.length > 0))
    it(`${id}: names the peer and the protocol, never a source alone`, () => {
      for (const one of opened) {
        // Which server a container's resolver asks is Docker's own choice.
        if (!LOOKUP.test(one)) expect(one).to.match(PEER);
        expect(one).to.match(PROTOCOL);
      }
    });

  for (const { id, flows, opening } of RUNS.filter((run) => run.opening.length > 0))
    it(`${id}: takes each failing check's packets, and none to another peer or port`, () => {
      for (const { ruling, open } of opening) {
        const takes = (packet: Passing) =>
          open.some((rule) => matchesRule(rule, packet, { readable: [], chains: [], rules: [] }) !== 'no');
        const asked = flows.filter(
          (flow) => flow.container && flow.probe.purpose === 'check' && ruling.explains.includes(flow.id),
        );
        for (const flow of asked) {
          const packets = [packetOf(flow, 'request'), packetOf(flow, 'reply')];
          expect(packets.some(takes), flow.id).to.equal(true);
          for (const other of packets.flatMap(unlike)) expect(takes(other), JSON.stringify(other)).to.equal(false);
        }
      }
    });

  it('are many enough to tell', () => {
    expect(RUNS.flatMap(({ opening }) => opening.flatMap(({ open }) => open)).length).to.be.greaterThan(20);
  });
});

/** The like of a packet, to or from another machine or port. */
function unlike(packet: Passing): readonly Passing[] {
  const { port, sourcePort } = packet;
  return [
    { ...packet, destination: '203.0.113.99' },
    { ...packet, source: '203.0.113.99' },
    ...(port === undefined ? [] : [{ ...packet, port: port + 1 }]),
    ...(sourcePort === undefined ? [] : [{ ...packet, sourcePort: sourcePort + 1 }]),
  ];
}

/** webapp's own filter lets in one wrong subnet, as an image for VPNs does whose variable for the LAN is wrong. */
function killSwitch() {
  const drop = { policy: 'drop', backend: 'iptables-nft', table: 'filter' } as const;
  const place = { backend: 'iptables-nft', table: 'filter', verdict: 'accept' } as const;
  const asked = alsoAsked(recorded('l2-healthy'), 'laptop>webapp/icmp', {
    id: 'laptop>webapp/tcp/8112',
    over: { protocol: 'tcp', port: 8112 },
  });
  return withFirewall(lost(asked, 'timeout', 'laptop>webapp/tcp/8112'), 'webapp', {
    chains: [
      { chain: 'INPUT', hook: 'input', ...drop },
      { chain: 'OUTPUT', hook: 'output', ...drop },
    ],
    rules: [
      { chain: 'INPUT', text: '-A INPUT -s 192.168.1.0/24 -p tcp -m tcp --dport 8112 -j ACCEPT', ...place },
      { chain: 'OUTPUT', text: '-A OUTPUT -d 192.168.1.0/24 -p tcp -m tcp --sport 8112 -j ACCEPT', ...place },
    ],
  });
}

describe('a kill switch in a container that keeps the LAN from a service', () => {
  const situation = killSwitch();
  const commands = (): readonly PrintedCommand[] =>
    diagnose(situation).found.find(({ cause }) => cause.id === 'container-local-firewall-or-routes')?.remedies[0]
      ?.commands ?? [];
  const own = () =>
    situation.facts.containers?.find(({ name }) => name === 'webapp')?.attachments[0]?.addresses[0] ?? '';
  const after = (hook: string, packet: Passing) =>
    filtered(withInserted(situation.facts, 'webapp', commands()), [hook], packet).kind;

  it('lets in what the failed check sends, and its answers out', () => {
    const laptop = '192.168.0.50';
    const tcp = { protocol: 'tcp', inDevice: 'eth0' };
    expect(after('input', { source: laptop, destination: own(), ...tcp, port: 8112, state: 'new' })).to.equal('passes');
    const answer = { protocol: 'tcp', outDevice: 'eth0', sourcePort: 8112, state: 'established' as const };
    expect(after('output', { source: own(), destination: laptop, ...answer })).to.equal('passes');
  });

  it('stays closed to everything else', () => {
    const laptop = '192.168.0.50';
    const answer = { protocol: 'tcp', outDevice: 'eth0', sourcePort: 8112, state: 'established' as const };
    const request = { protocol: 'tcp', port: 443, sourcePort: 40000, state: 'new' as const };
    expect(after('output', { source: own(), destination: '8.8.8.8', ...answer }), 'another peer').to.equal('blocks');
    expect(after('output', { source: own(), destination: laptop, ...request }), 'a request').to.equal('blocks');
    expect(after('output', { source: own(), destination: laptop, ...answer, sourcePort: 22 }), 'a port').to.equal(
      'blocks',
    );
    expect(after('input', { source: '192.168.0.77', destination: own(), ...request, port: 8112 })).to.equal('blocks');
    expect(after('input', { source: laptop, destination: own(), ...request, port: 22 })).to.equal('blocks');
  });
});
