import { expect } from 'chai';
import type { Trace } from '../../../src/evidence/facts.js';
import { flowsOf } from '../../../src/diagnosis/flows.js';
import { isTracedDropped } from '../../../src/diagnosis/symptoms/traced-drops.js';
import { NetworkState } from '../../../src/network/network-state.js';
import { Observations } from '../../../src/network/observations/observations.js';
import { recorded } from '../situation.js';

describe('a dropped packet in a trace', () => {
  const evidence = recorded('l3s-input-drop');
  const flow = flowsOf(evidence).find(({ id }) => id === 'laptop>webapp/icmp');
  const [laptop, webapp] = ['192.168.0.50', '192.168.10.10'];
  const shows = (source: string, destination: string, family = 'ip') => {
    const dropped = { family, table: 'filter', chain: 'OUTPUT', rule: undefined };
    const trace: Trace = { tags: [flow?.probe.tag ?? 0], source, destination, dropped };
    const seen = {
      network: new NetworkState(evidence.facts),
      observed: new Observations({ traces: { host: [trace] } }),
    };
    return isTracedDropped(seen, flow!);
  };

  it('shows the container’s replies dropped where it is addressed to the client, with any source that NAT gave it', () => {
    expect([shows(webapp, laptop), shows('192.168.0.2', laptop)]).to.deep.equal([true, true]);
  });

  it('shows nothing of them where it is the request, as INPUT drops it in L3S', () => {
    expect(shows(laptop, webapp)).to.equal(false);
  });

  it('shows nothing of the hook where a filter on a link below drops it', () => {
    expect(shows(webapp, laptop, 'netdev')).to.equal(false);
  });
});
