import { expect } from 'chai';
import type { Link, NetworkFact, Route } from '../../../src/evidence/facts.js';
import { surroundings } from '../../../src/workflows/attach/surroundings.js';

const parent: Link = {
  ...{ name: 'enp0s3', kind: 'physical', adminUp: true, operState: 'UP', carrier: true, mtu: 1500 },
  ...{ mac: '52:54:00:00:00:02', addresses: ['192.168.0.2/24'] },
} as unknown as Link;
const route = (destination: string, via: string): Route => ({
  ...{ family: 4, table: 'main', type: 'unicast', metric: 0, scope: undefined, source: undefined, flags: [] },
  ...{ destination, via, device: 'enp0s3' },
});
const network = (mode: string, gateway: string | undefined): NetworkFact =>
  ({
    ...{ name: 'ipvlan_net', id: '1', driver: 'ipvlan', mode, parent: 'enp0s3', internal: false, options: {} },
    subnets: [{ subnet: '192.168.0.0/24', gateway }],
  }) as unknown as NetworkFact;
const around = (routes: readonly Route[], networks: readonly NetworkFact[], gateway: readonly string[] = []) =>
  surroundings({
    ...{ networks, containers: [], host: { links: [parent], routes }, gateway, peers: [], internet: ['8.8.8.8'] },
  });

describe('the router of a LAN', () => {
  it('the router is the next hop of the default route', () => {
    const { gateway } = around([route('0.0.0.0/0', '192.168.0.1')], [network('l3', undefined)]);
    expect(gateway?.addresses).to.deep.equal(['192.168.0.1']);
  });

  it('the router is unknown without a default route: the next hop of another route may be a Docker host', () => {
    const { gateway, facts } = around([route('192.168.30.0/24', '192.168.0.3')], [network('l3', undefined)]);
    expect(gateway).to.equal(undefined);
    expect(facts.filter(({ kind }) => kind === 'gateway')).to.deep.equal([]);
  });

  it('the router is the gateway of the network, where that is another machine of the LAN', () => {
    const named = (gateway: string) => around([], [network('l2', gateway)]).gateway?.addresses;
    expect(named('192.168.0.1')).to.deep.equal(['192.168.0.1']);
    expect(named('192.168.0.2'), 'the host itself').to.equal(undefined);
    expect(named('10.0.0.1'), 'elsewhere').to.equal(undefined);
  });

  it('the router that the user names comes before all others', () => {
    const { gateway } = around([route('0.0.0.0/0', '192.168.0.1')], [network('l3', undefined)], ['192.168.0.254']);
    expect(gateway?.addresses).to.deep.equal(['192.168.0.254']);
  });
});
