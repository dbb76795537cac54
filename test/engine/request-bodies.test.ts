import { expect } from 'chai';
import { containerBody, networkBody } from '../../src/engine/request-bodies.js';
import type { NetworkPlan, SubnetPlan } from '../../src/scenario/plan.js';

const subnet = (subnet: string, more: Partial<SubnetPlan> = {}): SubnetPlan => ({
  subnet,
  gateway: undefined,
  range: undefined,
  reserved: {},
  ...more,
});
const network = (more: Partial<NetworkPlan>): NetworkPlan => ({
  name: 'ipvlan_net',
  driver: 'ipvlan',
  mode: 'l3',
  flag: undefined,
  parent: 'enp0s3',
  subnets: [subnet('192.168.10.0/24'), subnet('192.168.20.0/24')],
  internal: false,
  options: {},
  ...more,
});
const DOCKER = { run: 'r1', product: 'Docker Engine' };
const PODMAN = { run: 'r1', product: 'Podman' };
const container = {
  name: 'webapp',
  image: 'agent',
  command: ['sleep', 'infinity'],
  network: 'ipvlan_net',
  addresses: ['192.168.10.10'],
  dns: [],
  agent: false,
};

describe('the request for a network', () => {
  it("is that of the article's docker network create", () => {
    const { Labels, ...body } = networkBody(network({}), DOCKER);
    expect(Labels).to.include({ 'ipvlan-doctor.run': 'r1', 'ipvlan-doctor.owner': 'ipvlan-doctor' });
    expect(body).to.deep.equal({
      Name: 'ipvlan_net',
      Driver: 'ipvlan',
      CheckDuplicate: true,
      Internal: false,
      EnableIPv6: false,
      Options: { parent: 'enp0s3', ipvlan_mode: 'l3' },
      IPAM: { Driver: 'default', Config: [{ Subnet: '192.168.10.0/24' }, { Subnet: '192.168.20.0/24' }] },
    });
  });

  it('carries gateway, range and reserved addresses', () => {
    const full = { gateway: '192.168.0.1', range: '192.168.0.64/26', reserved: { printer: '192.168.0.70' } };
    expect(networkBody(network({ subnets: [subnet('192.168.0.0/24', full)] }), DOCKER).IPAM.Config).to.deep.equal([
      {
        Subnet: '192.168.0.0/24',
        Gateway: '192.168.0.1',
        IPRange: '192.168.0.64/26',
        AuxiliaryAddresses: { printer: '192.168.0.70' },
      },
    ]);
  });

  it('calls the mode by its driver, and asks for IPv6 when a subnet is', () => {
    const macvlan = networkBody(network({ driver: 'macvlan', mode: 'vepa', subnets: [subnet('fd00::/64')] }), DOCKER);
    expect(macvlan).to.deep.include({ EnableIPv6: true, Options: { parent: 'enp0s3', macvlan_mode: 'vepa' } });
  });

  it('gives a bridge neither parent nor mode, and passes further options as they stand', () => {
    const options = { 'com.docker.network.driver.mtu': '1400' };
    const bridge = networkBody(network({ driver: 'bridge', mode: undefined, options }), DOCKER);
    expect(bridge.Options).to.deep.equal(options);
  });

  it('calls the mode of any driver "mode" for Podman, wherever it was asked for', () => {
    const asked = (more: Partial<NetworkPlan>) => networkBody(network(more), PODMAN).Options;
    expect(asked({})).to.deep.equal({ parent: 'enp0s3', mode: 'l3' });
    expect(asked({ driver: 'macvlan', mode: 'vepa' })).to.deep.equal({ parent: 'enp0s3', mode: 'vepa' });
    expect(asked({ mode: undefined, options: { ipvlan_mode: 'l3s' } })).to.deep.equal({
      parent: 'enp0s3',
      mode: 'l3s',
    });
  });

  it('carries the flag and internal', () => {
    const body = networkBody(network({ flag: 'private', internal: true }), DOCKER);
    expect(body).to.deep.include({
      Internal: true,
      Options: { parent: 'enp0s3', ipvlan_mode: 'l3', ipvlan_flag: 'private' },
    });
  });
});

describe('the request for a container', () => {
  it('gives its addresses on its first network', () => {
    const body = containerBody({ ...container, addresses: ['192.168.10.10', 'fd00::10'] }, 'r1');
    expect(body.NetworkingConfig).to.deep.equal({
      EndpointsConfig: { ipvlan_net: { IPAMConfig: { IPv4Address: '192.168.10.10', IPv6Address: 'fd00::10' } } },
    });
  });

  it('gives no right to a container that is not the agent', () => {
    expect(containerBody(container, 'r1').HostConfig).to.deep.equal({ NetworkMode: 'ipvlan_net' });
  });

  it('publishes ports under the same number, and names its resolvers', () => {
    const body = containerBody(
      { ...container, dns: ['192.168.0.2'], publishes: [{ protocol: 'tcp', port: 8080 }] },
      'r1',
    );
    expect(body.HostConfig).to.deep.equal({
      NetworkMode: 'ipvlan_net',
      Dns: ['192.168.0.2'],
      PortBindings: { '8080/tcp': [{ HostPort: '8080' }] },
    });
    expect(body).to.deep.include({ ExposedPorts: { '8080/tcp': {} } });
  });

  it("gives the agent every right and the host's namespaces", () => {
    const agent = containerBody({ ...container, network: 'host', addresses: [], agent: true }, 'r1');
    expect(agent.HostConfig).to.deep.equal({ NetworkMode: 'host', PidMode: 'host', Privileged: true });
    expect(agent).not.to.have.property('NetworkingConfig');
  });
});
