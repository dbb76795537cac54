import { expect } from 'chai';
import { AssumedSurroundings } from '../../src/network/surroundings.js';
import { Paths } from '../../src/path/paths.js';
import { knownFrom } from '../../src/path/trace.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { PathHop } from '../../src/path/path.js';
import { recorded } from '../diagnosis/situation.js';
import { seenFromHost } from '../replay/seen-from-host.js';

/** Where a flow is predicted to end in surroundings; `undefined` where it arrives. */
function endIn(evidence: Evidence, around: AssumedSurroundings, id: string): PathHop | undefined {
  const probe = evidence.probes.find((one) => one.id === id);
  if (!probe) throw new Error(`no probe is called ${id}`);
  const paths = new Paths({ network: around.state, observed: knownFrom(evidence.facts).observed });
  const { forward, return: returned } = paths.ofAny(probe);
  return [...forward, ...returned].find(({ predicted }) => predicted.verdict !== 'passes');
}

function healthy(evidence: Evidence): AssumedSurroundings {
  return AssumedSurroundings.healthy(
    evidence.facts,
    evidence.probes.map(({ to }) => to.address),
  );
}

describe('assumed surroundings', () => {
  const article = seenFromHost(recorded('article-first-attempt'));

  it('hold a router with a link into the LAN, a route to each L3 subnet, source NAT and a way out', () => {
    const { state, assumed } = healthy(article);
    expect([...assumed]).to.include.members(['gateway', 'internet']);
    const back = state.routing.lookup('gateway', { destination: '192.168.10.10' });
    expect(back).to.include({ kind: 'via', gateway: '192.168.0.2' });
    const out = state.routing.lookup('gateway', { destination: '8.8.8.8' });
    expect(out).to.include({ kind: 'via', device: 'uplink' });
  });

  for (const id of ['article-first-attempt', 'l2-healthy', 'l3s-healthy', 'macvlan-healthy'])
    it(`carry every flow of ${id} to its target and back`, () => {
      const evidence = seenFromHost(recorded(id));
      const around = healthy(evidence);
      const asked = evidence.probes.filter(({ over, to }) => over.protocol === 'icmp' && to.name === undefined);
      expect(asked).to.not.be.empty;
      for (const probe of asked) expect(endIn(evidence, around, probe.id), probe.id).to.equal(undefined);
    });

  it('leave what was seen as it was seen', () => {
    const whole = recorded('article-first-attempt');
    const { state, assumed } = healthy(whole);
    expect([...assumed]).to.not.include('gateway');
    expect(state.routing.routes('gateway')).to.deep.equal(whole.facts.routes?.['gateway']);
  });

  it('lose replies at a router without the route, and nothing else, where that is the one change', () => {
    const around = healthy(article);
    const changed = around.withRoutes('gateway', (routes) =>
      routes.filter(({ destination }) => destination !== '192.168.10.0/24'),
    );
    expect(endIn(article, changed, 'webapp>gateway/icmp')).to.include({ hop: 'gateway-route-back', node: 'gateway' });
    expect(endIn(article, changed, 'host>gateway/icmp')).to.equal(undefined);
    expect(endIn(article, around, 'webapp>gateway/icmp'), 'a change makes another one').to.equal(undefined);
  });

  it('lose frames on the wire by address, direction and MAC address', () => {
    const evidence = seenFromHost(recorded('l2-healthy'));
    const [probe] = evidence.probes.filter(({ from, to }) => from === 'webapp' && to.node === 'gateway');
    const own = evidence.facts.containers?.find(({ name }) => name === 'webapp')?.attachments[0]?.addresses[0] ?? '';
    const cut = (subnet: string) =>
      healthy(evidence).withWireFilter({ way: 'in', parent: 'enp0s3', subnet, arp: false });
    expect(endIn(evidence, cut(own), probe?.id ?? '')?.predicted).to.deep.include({ verdict: 'blocks' });
    expect(endIn(evidence, cut('192.168.0.250'), probe?.id ?? '')).to.equal(undefined);
  });
});
