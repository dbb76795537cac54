import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { pathsOf } from '../../src/path/trace.js';
import { predictedEnd, stateFrom } from '../../src/path/predicted-end.js';
import type { Situation } from '../diagnosis/situation.js';
import { ACROSS, acrossVlans } from '../diagnosis/two-networks.js';

const STATEFUL = 'ct state invalid drop';
const probeIn = ({ probes }: Situation) => {
  const probe = probes.find(({ id }) => id === ACROSS);
  if (!probe) throw new Error('not asked');
  return probe;
};
const endIn = (situation: Situation) => predictedEnd(stateFrom(situation.facts), probeIn(situation));

describe('a connection whose replies take another path than its requests', () => {
  it('is predicted to lose what follows the first packet at a router that drops what belongs to no connection', () => {
    expect(endIn(acrossVlans(STATEFUL))).to.deep.include({
      kind: 'lost',
      direction: 'forward',
      hop: 'gateway-forward',
    });
  });

  it('is predicted to arrive where no rule asks for the connection state', () => {
    expect(endIn(acrossVlans('ip daddr 10.0.0.0/8 drop'))).to.deep.equal({ kind: 'arrives' });
  });

  it('is seen to get its reply, and to lose the rest at that router', () => {
    const path = pathsOf(acrossVlans(STATEFUL)).find(({ id }) => id === ACROSS);
    expect(path?.end).to.include({ direction: 'forward', hop: 'gateway-forward', node: 'gateway' });
    expect(path?.verdict).to.have.property('kind', 'lost-later');
  });

  it('carries pings all the same', () => {
    const { id } = acrossVlans(STATEFUL).probes.find((probe) => probe.id === 'laptop>branch/icmp') ?? {};
    expect(pathsOf(acrossVlans(STATEFUL)).find((path) => path.id === id)?.agreement).to.equal('agree');
  });

  it('has a rule for its fix that names the link its requests come in on', () => {
    const { found } = diagnose(acrossVlans(STATEFUL));
    const fix = found.find(({ cause }) => cause.id === 'stateful-gateway-asymmetric-path')?.remedies[0];
    expect(fix?.commands[0]?.run).to.include(
      'iifname "lan0" ip saddr 192.168.0.50 ip daddr 192.168.30.10 tcp dport 8123',
    );
  });
});
