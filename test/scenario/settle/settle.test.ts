import { expect } from 'chai';
import { plan, problems } from '../write.js';

describe('planning a scenario', () => {
  it('keeps what the author says about it', () => {
    const { id, title, why, file } = plan({ head: 'id: example\ntitle: An example\nwhy: >\n  Because.\n' });
    expect({ id, title, why, file }).to.deep.equal({
      id: 'example',
      title: 'An example',
      why: 'Because.',
      file: 'example.yaml',
    });
  });

  it('reports contradictions of all stages at once', () => {
    const lines = problems({
      site: '{ host: { address: 10.0.0.2 } }',
      containers: '[{ name: webapp, network: nett }]',
      faults: '[xyzzy]',
      checks: '[{ from: webap, to: host }]',
      diagnosis: '[xyzzy]',
    });
    expect(lines.map((line) => line.split(':')[1])).to.deep.equal(['4', '5', '6', '7', '8']);
  });

  for (const [situation, parts, remedy] of [
    ['a healthy scenario', {}, 'skip'],
    ['faults without a diagnosis', { faults: '[internet-uplink-down]' }, 'verify'],
    ['a check that is expected to fail', { checks: '[{ from: webapp, to: host, expect: blocked }]' }, 'verify'],
    ['a cause that is expected', { diagnosis: '[host-child-isolation]' }, 'verify'],
    ['faults that must be ruled out', { faults: '[host-ip-forward-off]', diagnosis: '[]' }, 'skip'],
    ['an author who says otherwise', { faults: '[internet-uplink-down]', remedy: 'skip' }, 'skip'],
  ] as const) {
    it(`by default has the remedy of ${situation} ${remedy === 'skip' ? 'left alone' : 'verified'}`, () => {
      expect(plan(parts).remedy).to.equal(remedy);
    });
  }

  it('gives plans that can share a topology the same key, also when their faults and checks differ', () => {
    const healthy = plan({});
    const spelledOut = plan({
      site: '{ lan: 192.168.0.0/24, host: { address: 192.168.0.2 } }',
      faults: '[internet-uplink-down]',
      checks: '[{ from: webapp, to: host }]',
    });
    expect(spelledOut.topologyKey).to.equal(healthy.topologyKey);
  });

  for (const [difference, parts] of [
    ['routes on the gateway', { site: '{ gateway: { routes: [] } }' }],
    ['addresses', { containers: '[{ name: webapp, network: net, address: 192.168.10.11 }]' }],
    ['listening ports', { containers: '[{ name: webapp, network: net, address: 192.168.10.10, listens: [tcp/80] }]' }],
    ['modes', { networks: '[{ name: net, mode: l3s, parent: enp0s3, subnets: [192.168.10.0/24] }]' }],
  ] as const) {
    it(`gives plans with other ${difference} another key`, () => {
      expect(plan(parts).topologyKey).not.to.equal(plan({}).topologyKey);
    });
  }
});
