import { expect } from 'chai';
import { containerFact } from '../../src/engine/inspect-container.js';
import { engineFact, isRootless } from '../../src/engine/inspect-engine.js';
import { networkFact } from '../../src/engine/inspect-network.js';

const network = { Name: 'net', Id: 'abcdef0123456789', Internal: false, IPAM: { Config: [] } };

describe('an engine', () => {
  const version = { Version: '26.1.5', ApiVersion: '1.45', KernelVersion: '6.12.30' };

  it('is disposable only when its label says so', () => {
    const labelled = (Labels: readonly string[] | null) => engineFact(version, { Labels }).disposable;
    expect([
      labelled(['ipvlan-doctor.disposable=true']),
      labelled(['ipvlan-doctor.disposable=false']),
      labelled(null),
    ]).to.deep.equal([true, false, false]);
  });

  it('is called by its name: Docker, or Podman behind the same API', () => {
    const podman = { ...version, Components: [{ Name: 'Podman Engine', Version: '5.4.2' }] };
    expect(engineFact(version, {})).to.include({ product: 'Docker Engine', version: '26.1.5' });
    expect(engineFact(podman, {})).to.include({ product: 'Podman', version: '5.4.2' });
  });

  it('is rootless only when its security options say so', () => {
    expect(isRootless({ SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] })).to.equal(true);
    expect(isRootless({ SecurityOptions: ['name=seccomp,profile=rootless.json'] })).to.equal(false);
    expect(isRootless({})).to.equal(false);
  });
});

describe('a network', () => {
  it('has the mode it was asked for, or the default of its driver', () => {
    const mode = (Driver: string, Options: object) => networkFact({ ...network, Driver, Options }).mode;
    expect(mode('ipvlan', { ipvlan_mode: 'l3s' })).to.equal('l3s');
    expect(mode('ipvlan', {})).to.equal('l2');
    expect(mode('macvlan', {})).to.equal('bridge');
    expect(mode('bridge', {})).to.equal(undefined);
  });

  it("has its parent, Docker's own dummy link, or its own bridge as parent", () => {
    const parent = (Driver: string, Options: object | null) => networkFact({ ...network, Driver, Options }).parent;
    expect(parent('ipvlan', { parent: 'enp0s3.30' })).to.equal('enp0s3.30');
    expect(parent('ipvlan', null)).to.equal(undefined);
    expect(parent('bridge', {})).to.equal('br-abcdef012345');
    expect(parent('bridge', { 'com.docker.network.bridge.name': 'docker0' })).to.equal('docker0');
  });

  it('has all settings that it would lack if it were created without them', () => {
    const answer = {
      ...network,
      ...{ Driver: 'ipvlan', Scope: 'swarm', Attachable: true, EnableIPv4: false, EnableIPv6: true },
      ...{ ConfigFrom: { Network: 'config' }, Labels: { team: 'ops', 'ipvlan-doctor.run': 'r1' } },
      IPAM: {
        Driver: 'pools',
        Options: { pool: 'a' },
        Config: [{ Subnet: '10.1.0.0/24', IPRange: '10.1.0.128/25', AuxiliaryAddresses: { printer: '10.1.0.9' } }],
      },
    };
    expect(networkFact(answer)).to.deep.include({
      ...{ scope: 'swarm', attachable: true, ipv4: false, ipv6: true, configFrom: 'config', labels: { team: 'ops' } },
      ipam: { driver: 'pools', options: { pool: 'a' } },
      subnets: [
        { subnet: '10.1.0.0/24', gateway: undefined, range: '10.1.0.128/25', reserved: { printer: '10.1.0.9' } },
      ],
    });
  });

  it('says nothing of settings that are as Docker has them by default', () => {
    const answer = { ...network, Driver: 'ipvlan', Scope: 'local', ConfigFrom: { Network: '' }, Labels: {} };
    expect(networkFact({ ...answer, IPAM: { Driver: 'default', Options: null, Config: [] } })).to.have.all.keys(
      ...['name', 'id', 'driver', 'mode', 'flag', 'parent', 'internal', 'subnets', 'options'],
    );
  });

  it('lists its subnets, with the gateway where there is one', () => {
    const Config = [
      { Subnet: '10.1.0.0/24', Gateway: '10.1.0.1' },
      { Subnet: 'fd00::/64', Gateway: 'fd00::1/64' },
      { Subnet: '10.2.0.0/24' },
    ];
    expect(networkFact({ ...network, Driver: 'ipvlan', IPAM: { Config } }).subnets).to.deep.equal([
      { subnet: '10.1.0.0/24', gateway: '10.1.0.1' },
      { subnet: 'fd00::/64', gateway: 'fd00::1' },
      { subnet: '10.2.0.0/24', gateway: undefined },
    ]);
  });

  it('has the parent that Podman names in its own interface', () => {
    // As Podman 4.3.1 answers; it names the mode under options.
    const inDockersWords = { ...network, Driver: 'macvlan', Options: {} };
    const inItsOwn = { driver: 'macvlan', network_interface: 'office0', options: { mode: 'private' } };
    expect(networkFact(inDockersWords)).to.include({ parent: undefined, mode: 'bridge' });
    expect(networkFact(inDockersWords, inItsOwn)).to.include({ parent: 'office0', mode: 'private' });
    const bridge = networkFact({ ...network, Driver: 'bridge', Options: {} }, { network_interface: 'podman1' });
    expect(bridge.parent).to.equal('podman1');
  });

  it('is rejected by name when its driver is unknown', () => {
    expect(() => networkFact({ ...network, Name: 'ingress', Driver: 'overlay' })).to.throw(
      'The network ingress has the driver overlay',
    );
  });
});

describe('a container', () => {
  it('keeps the addresses it was promised while it does not run', () => {
    const promised = { IPAddress: '', IPAMConfig: { IPv4Address: '192.168.10.10' }, Gateway: '' };
    const answer = {
      Id: 'c1',
      Name: '/webapp',
      State: { Status: 'created' },
      NetworkSettings: { Networks: { net: promised } },
    };
    expect(containerFact(answer)).to.deep.equal({
      name: 'webapp',
      id: 'c1',
      state: 'created',
      attachments: [{ network: 'net', addresses: ['192.168.10.10'], gateway: undefined }],
    });
  });

  it('has its resolvers and published ports as they were asked for', () => {
    const HostConfig = {
      Dns: ['192.168.0.2'],
      PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }], '53/udp': [{ HostPort: '' }], '443/tcp': null },
    };
    const answer = {
      Id: 'c1',
      Name: '/a',
      State: { Status: 'running' },
      NetworkSettings: { Networks: {} },
      HostConfig,
    };
    expect(containerFact(answer)).to.deep.include({
      dns: ['192.168.0.2'],
      publishes: [
        { protocol: 'tcp', port: 80, hostPort: 8080 },
        { protocol: 'udp', port: 53, hostPort: undefined },
      ],
    });
  });
});

describe('the MAC address of a container', () => {
  const inspected = (Config: object, endpoint: object) =>
    containerFact({
      ...{ Id: 'a', Name: '/mqtt', State: { Status: 'created' }, Config },
      NetworkSettings: { Networks: { first: endpoint, second: {} } },
    }).attachments.map(({ mac }) => mac);

  it('is that of its link, or the one it asks for on its first network', () => {
    expect(inspected({}, { MacAddress: '02:00:00:00:00:2A' })).to.deep.equal(['02:00:00:00:00:2a', undefined]);
    expect(inspected({ MacAddress: '02:00:00:00:00:2a' }, { MacAddress: '' })).to.deep.equal([
      '02:00:00:00:00:2a',
      undefined,
    ]);
    expect(inspected({}, {})).to.deep.equal([undefined, undefined]);
  });
});
