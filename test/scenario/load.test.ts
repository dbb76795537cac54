import { expect } from 'chai';
import { loadScenario, parseScenario } from '../../src/scenario/load.js';
import { describeRefusals } from './describe-refusals.js';
import { problemsIn, write } from './write.js';

const parse = (text: string) => problemsIn(() => parseScenario(text, 'example.yaml'));

describe('loading a scenario', () => {
  it('keeps the scenario and the position of every value', () => {
    const { scenario, source } = parseScenario(write({}), 'some/example.yaml');
    expect(scenario.containers[0]?.name).to.equal('webapp');
    expect(source.locate(['containers', 0, 'network'])).to.deep.equal({ line: 4, column: 39 });
    expect(source.locate(['containers', 0, 'network'], 'key')).to.deep.equal({ line: 4, column: 30 });
  });

  it('points at the nearest thing around what is not there', () => {
    const { source } = parseScenario(write({}), 'example.yaml');
    expect(source.locate(['containers', 0, 'listens', 3])).to.deep.equal({ line: 4, column: 14 });
  });

  it('finds the place of a value behind an alias', () => {
    const text = write({ containers: '[{ name: webapp, network: &net net }, { name: database, network: *net }]' });
    const { scenario, source } = parseScenario(text, 'example.yaml');
    expect(scenario.containers[1]?.network).to.equal('net');
    expect(source.locate(['containers', 1, 'network']).line).to.equal(4);
  });

  describeRefusals({
    'an unknown key with the one that was meant': [
      { site: '{ gatway: { address: 192.168.0.1 } }' },
      'Unknown key "gatway" in site. Did you mean "gateway"?',
    ],
    'an unknown key like nothing known by naming what is known': [
      { site: '{ host: { xyzzy: 1 } }' },
      'Unknown key "xyzzy" in site.host. It may hold interface, address, parent.',
    ],
    'a word that is not one of a choice': [
      {
        networks: '[{ name: net, driver: ipvlann, subnets: [10.0.0.0/24] }]',
        containers: '[{ name: webapp, network: net }]',
      },
      'networks[0].driver must be one of ipvlan, macvlan, bridge, not "ipvlann". Did you mean "ipvlan"?',
    ],
    'a number where text belongs': [{ head: 'id: example\ntitle: 5' }, 'title must be a text, not 5.'],
    'an address that is none': [
      { site: '{ lan: 192.168.0.0/24, host: { address: 192.168.0 } }' },
      'site.host.address must be an IPv4 or IPv6 address',
    ],
    'a subnet with host bits, naming the subnet': [
      { site: '{ lan: 192.168.0.1/24 }' },
      'site.lan must name the subnet itself, 192.168.0.0/24, not "192.168.0.1/24".',
    ],
    'a prefix length that is none': [
      { site: '{ lan: 192.168.0.0/33 }' },
      'site.lan must be a subnet with its prefix length',
    ],
    'an empty list of subnets': [
      { networks: '[{ name: net, subnets: [] }]' },
      'networks[0].subnets must list at least one subnet.',
    ],
    'a container on no network': [
      { containers: '[{ name: webapp }]' },
      'containers[0] must have either network or networks.',
    ],
    'a container with both network and networks': [
      { containers: '[{ name: webapp, network: net, networks: [{ name: net }] }]' },
      'containers[0] must have either network or networks.',
    ],
    'one address for several networks': [
      { containers: '[{ name: webapp, networks: [{ name: net }], address: 192.168.10.10 }]' },
      'containers[0].address must give the address of each of its networks',
    ],
    'a name that would need quoting in a shell': [
      { containers: '[{ name: "web app", network: net }]' },
      'containers[0].name must be a name of letters',
    ],
    'a name that begins with a dash': [
      { containers: '[{ name: -rf, network: net }]' },
      'containers[0].name must be a name of letters',
    ],
    'an interface name with a dot': [
      { site: '{ host: { interface: enp0s3.30 } }' },
      'site.host.interface must be an interface name',
    ],
    'an interface name longer than Linux allows': [
      { site: '{ host: { interface: abcdefghijklmnop } }' },
      'site.host.interface must be an interface name',
    ],
    'a peer whose switch port would get too long a name': [
      { site: '{ peers: [{ name: abcdefghijklmn }] }' },
      'site.peers[0].name must have at most 13 letters',
    ],
    'a VLAN id that is none': [
      { site: '{ vlans: [{ id: 4095, subnet: 10.0.0.0/24 }] }' },
      'site.vlans[0].id must be a VLAN id from 1 to 4094, not 4095.',
    ],
    'an over that is none': [
      { checks: '[{ from: webapp, to: host, over: tpc/80 }]' },
      'checks[0].over must be icmp, arp, dns, http, tcp/PORT',
    ],
    'an expectation that is none': [
      { checks: '[{ from: webapp, to: host, expect: blokced }]' },
      'checks[0].expect must be reachable, blocked, or a mapping',
    ],
    'a fault that is neither name nor mapping': [{ faults: '[5]' }, 'faults[0] must be the name of a fault'],
    'a command without a node': [
      { faults: '[{ run: "true" }]' },
      'faults[0].on is missing: The node the command runs on.',
    ],
    'an id that is not the name of the file': [
      { head: 'id: exmaple\ntitle: An example' },
      'write "id: example", or rename the file exmaple.yaml.',
    ],
    'a real site, which needs another command': [{ site: 'real' }, 'use `ipvlan-doctor validate`'],
  });

  it('names line and column of the value, and of the key when the key is wrong', () => {
    expect(parse(write({ site: '{ lan: 10.0.0.0 }' }))[0]).to.match(/^example\.yaml:5:14: site\.lan /);
    expect(parse(write({ site: '{ lann: 10.0.0.0/8 }' }))[0]).to.match(/^example\.yaml:5:9: Unknown key/);
  });

  it('names the mapping in which a key is missing', () => {
    expect(parse('title: x\nnetworks: []\ncontainers: []')[0]).to.equal(
      "example.yaml:1:1: id is missing: Equals the file's name without .yaml.",
    );
  });

  it('reports all problems at once, in the order of the file', () => {
    const lines = parse(write({ site: '{ lan: 1 }', containers: '[{ nam: a, network: net }]', remedy: 'verfy' }));
    expect(lines.map((line) => line.replace(/^example\.yaml:(\d+):\d+: (\S+ \S+).*/, '$1 $2'))).to.deep.equal([
      '4 containers[0].name is',
      '4 Unknown key',
      '5 site.lan must',
      '6 remedy must',
    ]);
  });

  it('says of one mapping among several kinds what is wrong with the kind that was meant', () => {
    const lines = parse(write({ faults: '[{ on: gateway, runn: reboot }]' }));
    expect(lines).to.deep.equal([
      'example.yaml:5:10: faults[0].run is missing: A shell command.',
      'example.yaml:5:25: Unknown key "runn" in faults[0]. Did you mean "run"?',
    ]);
  });

  for (const [what, text, said] of [
    ['broken YAML', 'id: [example', /:1:\d+: This is not YAML as it should be: /],
    [
      'a key that stands there twice',
      'id: example\nid: example',
      /:2:1: This is not YAML as it should be: Map keys must be unique/,
    ],
    ['two documents in one file', 'id: example\n---\nid: example', /This is not YAML as it should be: /],
    ['an unknown tag', 'id: !secret example', /This is not YAML as it should be: /],
    [
      'a file of aliases that explode',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
        .split('')
        .map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]},`.repeat(10)}]`)
        .join('\n')}`,
      /This is not YAML as it should be: /,
    ],
    ['an empty file', '', /:1:1: The file is empty/],
    ['a file of comments only', '# nothing', /The file is empty/],
    ['a file that is a list', '- id: example', /:1:1: The file is not a mapping/],
    ['a file that is a word', 'example', /:1:1: The file is not a mapping/],
  ] as const) {
    it(`rejects ${what}`, () => {
      expect(parse(text)[0]).to.match(said);
    });
  }

  it('keeps a problem on one line and out of the reach of the terminal', () => {
    const lines = parse(write({ site: String.raw`{ "a\nb\e[31m": 1 }` }));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain(String.raw`Unknown key "a\nb\u001b[31m" in site.`);
  });

  it('says where the format is described', () => {
    expect(() => parseScenario('', 'example.yaml'))
      .to.throw()
      .with.property('hint')
      .that.contains('ipvlan-doctor schema');
  });

  it('says that a file is not there', async () => {
    const error = await loadScenario('nowhere/example.yaml').catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'NOT_FOUND', message: 'There is no file nowhere/example.yaml.', exitCode: 2 });
  });

  it('says that a directory cannot be read as a file', async () => {
    const error = await loadScenario('test').catch((reason: unknown) => reason);
    expect(error)
      .to.include({ code: 'SCENARIO_INVALID' })
      .and.to.have.property('message')
      .that.contains('test cannot be read');
  });
});
