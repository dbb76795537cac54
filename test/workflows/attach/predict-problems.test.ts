import { expect } from 'chai';
import { wantedNetwork } from '../../../src/scenario/wanted-network.js';
import type { NetworkFile } from '../../../src/scenario/schema/schema.js';
import { predictedProblems } from '../../../src/workflows/attach/predict-problems.js';
import { recorded, withLink } from '../../diagnosis/situation.js';

/** A host on 192.168.0.0/24 by enp0s3, which carries an IPvlan network already. */
const used = recorded('article-second-attempt');
const free = { ...used, facts: { ...used.facts, networks: [] } };

const L3: NetworkFile = { name: 'rollout', driver: 'ipvlan', mode: 'l3', parent: 'enp0s3', subnets: ['10.20.0.0/24'] };
const L2: NetworkFile = {
  name: 'rollout',
  driver: 'macvlan',
  parent: 'enp0s3',
  subnets: [{ subnet: '192.168.0.0/24', gateway: '192.168.0.1', range: '192.168.0.128/25' }],
};

const told = (network: NetworkFile, { facts }: typeof used = free) => predictedProblems(wantedNetwork(network), facts);

describe('predicted problems of a network on a host', () => {
  it('a network without a problem is predicted to work', () => {
    expect(told(L3)).to.deep.equal([]);
    expect(told(L2)).to.deep.equal([]);
    expect(predictedProblems(wantedNetwork(L3), {})).to.deep.equal([]);
  });

  it('a network needs a parent that exists, or the link that carries its VLAN', () => {
    expect(told({ ...L3, parent: 'eth9' }).join()).to.match(/^There is no eth9; there is .*enp0s3/);
    expect(told({ ...L3, parent: 'enp0s3.7' })).to.deep.equal([]);
    expect(told({ ...L3, parent: 'eth9.7' }).join()).to.match(/^There is no eth9\.7/);
  });

  it('a network needs a parent that is up, has a carrier, and is no port of a bridge or bond', () => {
    const parent = (state: object) => told(L3, withLink(free, 'host', { name: 'enp0s3', ...state }));
    expect(parent({ adminUp: false })).to.deep.equal(['enp0s3 is down.']);
    expect(parent({ carrier: false })).to.deep.equal(['enp0s3 has no carrier.']);
    expect(parent({ controller: 'br0' }).join()).to.match(/is a port of br0/);
  });

  it('a network shares neither its parent nor its subnets with another IPvlan network', () => {
    const subnet = used.facts.networks?.[0]?.subnets[0]?.subnet ?? '';
    expect(told(L3, used).join()).to.match(/enp0s3 is the parent of the IPvlan network/);
    expect(told({ ...L3, driver: 'macvlan', mode: 'bridge', subnets: [subnet] }, used).join()).to.match(/overlaps/);
  });

  it('a network has the LAN’s own subnet in L2, and never in L3', () => {
    expect(told({ ...L3, subnets: ['192.168.0.0/24'] }).join()).to.match(/in use on the LAN of enp0s3/);
    expect(told({ ...L2, subnets: ['10.20.0.0/24'] }).join()).to.match(/10\.20\.0\.0\/24 is not the LAN of enp0s3/);
  });

  it('a network gives no container the host’s own address', () => {
    expect(told({ ...L2, subnets: ['192.168.0.0/24'] }).join()).to.match(
      /hand out 192\.168\.0\.2, which is the host's own/,
    );
  });
});
