import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { parseEvidence } from '../../src/evidence/file.js';
import type { Socket } from '../../src/evidence/facts.js';
import { rediagnosed } from '../../src/workflows/bundle/rediagnose.js';
import { inboundQuestions, withInbound } from '../../src/workflows/attach/inbound-questions.js';
import { alsoAsked, arriving, change, recorded, withFirewall, type Situation } from './situation.js';

const EVERYWHERE: readonly Socket[] = [{ protocol: 'tcp', address: '0.0.0.0', port: 8112 }];

/** The same situation where webapp listens, and a machine outside would ask for that: nothing is sent. */
function asked(situation: Situation, sockets = EVERYWHERE, publishes: readonly number[] = []): Evidence {
  const listening = change(situation, (was) => ({
    sockets: { ...was.sockets, webapp: sockets },
    containers: was.containers.map((one) =>
      one.name === 'webapp'
        ? { ...one, publishes: publishes.map((port) => ({ protocol: 'tcp' as const, port, hostPort: port })) }
        : one,
    ),
  }));
  const container = listening.facts.containers?.find(({ name }) => name === 'webapp');
  if (!container) throw new Error('the recording has no webapp');
  return withInbound(listening, inboundQuestions(listening.facts, { container, sockets }));
}

const causes = (evidence: Evidence) =>
  diagnose(evidence).found.map(({ cause, ruling }) => [cause.id, ruling.confidence]);
const inbound = (evidence: Evidence) =>
  rediagnosed({ id: 'webapp', evidence, was: undefined }).checks.filter(({ predicted }) => predicted !== undefined);
const dropping = (situation: Situation, text = 'tcp dport 8112 counter drop', verdict = 'drop') =>
  withFirewall(situation, 'webapp', {
    chains: [{ chain: 'INPUT', hook: 'input' }],
    rules: [{ chain: 'INPUT', text, verdict }],
  });

const healthy = recorded('macvlan-healthy');
const LOCAL = 'container-local-firewall-or-routes';

describe('a request from outside that nothing was sent for', () => {
  it('is skipped, and never called reachable, where the model lets it through', () => {
    const evidence = asked(healthy);
    const result = rediagnosed({ id: 'webapp', evidence, was: undefined });
    expect(causes(evidence)).to.deep.equal([]);
    expect(inbound(evidence)).to.have.lengthOf(1);
    expect(inbound(evidence)[0]).to.include({ verdict: 'skipped', observed: 'unknown', predicted: 'reachable' });
    expect(result.headline).to.match(
      /Predicted, once its request arrives at the host: the LAN client 192\.168\.0\.50 reaches webapp over tcp\/8112/,
    );
  });

  it('fails where a rule in the container drops it, and the rule is named', () => {
    const evidence = asked(dropping(healthy));
    const [found] = diagnose(evidence).found;
    expect(causes(evidence)).to.deep.equal([[LOCAL, 'likely']]);
    expect(found?.explanation).to.match(/^Predicted: .* cannot reach webapp .* over tcp\/8112: .*tcp dport 8112/);
    expect(inbound(evidence)[0]).to.include({ verdict: 'fail', observed: 'unknown', predicted: 'blocked' });
  });

  it('does not fail where the rule is about another port', () => {
    expect(causes(asked(dropping(healthy, 'tcp dport 9000 counter drop')))).to.deep.equal([]);
  });

  it('needs no fix wider than its LAN and port, in both directions, where a kill switch stops it', () => {
    const closed = withFirewall(healthy, 'webapp', {
      chains: [
        { chain: 'INPUT', hook: 'input', policy: 'drop' },
        { chain: 'OUTPUT', hook: 'output', policy: 'drop' },
      ],
      rules: [
        { chain: 'INPUT', text: 'ip saddr 192.168.1.0/24 tcp dport 8112 counter accept', verdict: 'accept' },
        { chain: 'OUTPUT', text: 'ip daddr 192.168.1.0/24 tcp sport 8112 counter accept', verdict: 'accept' },
      ],
    });
    const onlyInbound = {
      ...asked(closed),
      probes: asked(closed).probes.filter(({ outcome }) => outcome.kind === 'not-asked'),
    };
    const [found] = diagnose(onlyInbound).found;
    const commands = found?.remedies[0]?.commands.map(({ run }) => /insert rule (.*?) counter/.exec(run)?.[1]);
    expect(commands).to.deep.equal([
      'ip filter INPUT ip saddr 192.168.0.0/24 ip daddr 192.168.0.100 tcp dport 8112',
      'ip filter OUTPUT ip saddr 192.168.0.100 ip daddr 192.168.0.0/24 tcp sport 8112 ct state established,related',
    ]);
  });

  it('is asked from a machine that a rule names, where only that one is let in', () => {
    const restricted = withFirewall(healthy, 'webapp', {
      chains: [{ chain: 'INPUT', hook: 'input', policy: 'drop' }],
      rules: [{ chain: 'INPUT', text: 'ip saddr 192.168.0.77 tcp dport 8112 counter accept', verdict: 'accept' }],
    });
    const [check] = inbound(asked(restricted));
    expect(check).to.include({ from: 'the LAN client 192.168.0.77', verdict: 'skipped', predicted: 'reachable' });
  });

  it('is certain where a sibling was seen to be dropped by the same rule', () => {
    const sibling = (situation: Situation) =>
      alsoAsked(situation, 'webapp>database/icmp', {
        id: 'database>webapp/tcp/8112',
        from: 'database',
        to: { label: 'webapp', node: 'webapp', name: undefined, address: '192.168.0.100' },
        over: { protocol: 'tcp', port: 8112 },
        tag: 65_000,
        outcome: { ...NOTHING_CAME },
      });
    expect(causes(sibling(asked(dropping(healthy))))).to.deep.include([LOCAL, 'certain']);
    const through = arriving(sibling(asked(dropping(healthy))), 'database>webapp/tcp/8112');
    expect(causes(through)).to.deep.equal([]);
  });

  it('fails where a filter on the parent drops it', () => {
    const filtered = asked(recorded('l3-tc-ingress-filter'));
    expect(inbound(filtered)[0]).to.include({ predicted: 'blocked', verdict: 'fail' });
    expect(inbound(filtered)[0]?.explainedBy).to.deep.equal(['parent-tc-xdp-or-netdev-filter']);
  });

  it("fails where the host's INPUT drops it, in L3S", () => {
    const closed = asked(recorded('l3s-ufw-denies-incoming'));
    expect(inbound(closed)[0]?.explainedBy).to.deep.equal(['l3s-host-input-firewall-drop']);
  });

  it("is not stopped by the container's own INPUT in L3S, which it bypasses", () => {
    expect(inbound(asked(dropping(recorded('l3s-healthy'))))[0]).to.include({ predicted: 'reachable' });
  });

  it('fails where a published port listens on the loopback', () => {
    const local = asked(healthy, [{ protocol: 'tcp', address: '127.0.0.1', port: 8112 }], [8112]);
    expect(causes(local)).to.deep.equal([['service-bound-to-wrong-address', 'likely']]);
  });

  it('is not asked of a port that only the container itself reaches', () => {
    expect(inbound(asked(healthy, [{ protocol: 'tcp', address: '127.0.0.1', port: 8112 }]))).to.deep.equal([]);
  });

  it('is kept in evidence', () => {
    const evidence = asked(healthy);
    expect(parseEvidence(JSON.stringify(evidence), 'kept').probes.at(-1)).to.deep.include({
      source: '192.168.0.50',
      outcome: { kind: 'not-asked' },
    });
  });
});

const NOTHING_CAME = {
  kind: 'attempts',
  sent: 3,
  arrived: 0,
  roundTripMs: undefined,
  ttl: undefined,
  failure: 'timeout',
  said: [],
  answers: [],
} as const;
