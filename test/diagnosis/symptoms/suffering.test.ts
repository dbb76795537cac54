import { expect } from 'chai';
import type { Trace } from '../../../src/evidence/facts.js';
import { flowsOf } from '../../../src/diagnosis/flows.js';
import { tracedAbove, type RefusalView } from '../../../src/diagnosis/symptoms/suffering.js';
import { recorded } from '../situation.js';

describe('a dropped packet in a trace', () => {
  const evidence = recorded('l3s-input-drop');
  const flow = flowsOf(evidence).find(({ id }) => id === 'laptop>webapp/icmp');
  const [laptop, webapp] = ['192.168.0.50', '192.168.10.10'];
  const shows = (source: string, destination: string, family = 'ip') => {
    const dropped = { family, table: 'filter', chain: 'OUTPUT', rule: undefined };
    const trace: Trace = { tags: [flow?.probe.tag ?? 0], source, destination, dropped };
    return tracedAbove({ nodes: evidence.facts.nodes, traces: { host: [trace] } } as unknown as RefusalView, flow!);
  };

  it('tells of the container’s answers where it is for whoever asked, whatever NAT made of its source', () => {
    expect([shows(webapp, laptop), shows('192.168.0.2', laptop)]).to.deep.equal([true, true]);
  });

  it('tells nothing of them where it is the question, as INPUT drops it in L3S', () => {
    expect(shows(laptop, webapp)).to.equal(false);
  });

  it('tells nothing of the hook where a filter on a link below drops it', () => {
    expect(shows(webapp, laptop, 'netdev')).to.equal(false);
  });
});
