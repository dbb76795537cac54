import { expect } from 'chai';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../../src/evidence/evidence.js';
import type { Packet } from '../../../src/evidence/facts.js';
import { arriving, asleep, lost, recorded, withoutPackets } from '../situation.js';
import { seenFromHost } from '../../replay/seen-from-host.js';

/** What may be wrong, each list once, with the containers' flows that it accounts for. */
function lists(evidence: Evidence) {
  const all = diagnose(evidence).inconclusive.filter(({ ruling }) => ruling.explains.length > 0);
  return [...new Map(all.map(({ ruling }) => [ruling.oneOf.join(' '), ruling])).values()];
}

const named = (evidence: Evidence) => diagnose(evidence).found.map(({ cause }) => cause.id);

describe('causes at a router that was not looked at', () => {
  const article = seenFromHost(recorded('article-first-attempt'));

  it('are a short list where nothing tells them apart, the most usual first, with the look that decides', () => {
    const [only, ...others] = lists(article);
    expect(named(article)).to.deep.equal([]);
    expect(others).to.deep.equal([]);
    expect(only?.oneOf[0]).to.equal('gateway-missing-return-route');
    expect(only?.oneOf).to.include('gateway-strict-rpf');
    expect(only?.test?.on).to.equal('gateway');
    expect(only?.test?.run).to.include('ip route get 192.168.10.10');
    expect(diagnose(article).unexplained).to.deep.equal([]);
  });

  it('are told apart by subnet: one lacks a route, the other is not translated', () => {
    const two = lists(seenFromHost(recorded('l3-two-subnets-two-faults')));
    expect(two.map(({ oneOf }) => oneOf[0])).to.have.members([
      'gateway-missing-return-route',
      'gateway-no-nat-for-container-subnet',
    ]);
    const senders = two.map(({ explains }) => explains.map((id) => id.split('>')[0] ?? ''));
    expect(senders[0]?.filter((name) => name !== 'host' && senders[1]?.includes(name))).to.deep.equal([]);
  });

  it('are refuted by a reply that came through the router', () => {
    const replied = lists(arriving(article, 'webapp>gateway/icmp'));
    const missing = replied.filter(({ oneOf }) => oneOf.includes('gateway-missing-return-route'));
    expect(missing.flatMap(({ explains }) => explains).filter((id) => id.startsWith('webapp>'))).to.deep.equal([]);
    expect(missing, 'the other subnet is judged for itself').to.have.length(1);
  });

  it('are not supposed where the parent’s capture did not work', () => {
    expect(lists(asleep(article, 'host'))).to.deep.equal([]);
  });

  it('are not supposed of what a machine refused', () => {
    expect(lists(lost(article, 'refused', '*')).flatMap(({ explains }) => explains)).to.deep.equal([]);
  });

  it('are named where an observation shows the one: a router that gets no ARP reply from its next hop', () => {
    expect(named(seenFromHost(recorded('l3-gateway-return-route-wrong-next-hop')))).to.deep.equal([
      'gateway-return-route-wrong-next-hop',
    ]);
  });

  it('are not supposed of a target that does not reply to the host either', () => {
    const fromHttps = ({ content }: Packet) => content.kind === 'tcp' && content.sourcePort === 443;
    const quiet = withoutPackets(
      withoutPackets(recorded('l2-healthy', 'host'), 'host', fromHttps),
      'webapp',
      fromHttps,
    );
    const own = lost(quiet, 'timeout', 'webapp>*/tcp/443');
    expect(lists(own).flatMap(({ oneOf }) => oneOf)).to.include('gateway-acl-drops-container-subnet');
    const all = lost(own, 'timeout', 'host>*/tcp/443');
    expect(lists(all).flatMap(({ oneOf }) => oneOf)).to.not.include('gateway-acl-drops-container-subnet');
  });

  it('are not supposed in a healthy network', () => {
    for (const id of ['l2-healthy', 'l3s-healthy', 'v6-l3-healthy', 'macvlan-healthy'])
      expect(lists(seenFromHost(recorded(id))), id).to.deep.equal([]);
  });
});

describe('causes on the wire that was not looked at', () => {
  it('are a list of the two that carry no foreign MAC address', () => {
    const [only] = lists(seenFromHost(recorded('macvlan-hypervisor-mac-filter')));
    expect(only?.oneOf).to.have.members(['hypervisor-mac-filter', 'switch-port-security']);
  });

  it('are not a MAC filter where ARP replies came', () => {
    const [only] = lists(seenFromHost(recorded('l2-one-address-per-mac')));
    expect(only?.oneOf).to.include('gateway-rejects-many-ips-per-mac');
    expect(only?.oneOf).to.not.include('switch-port-security');
  });
});
