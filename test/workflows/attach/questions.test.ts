import { expect } from 'chai';
import type { ContainerFact, NetworkFact, NodeFact } from '../../../src/evidence/facts.js';
import { parseTarget, questionsOf } from '../../../src/workflows/attach/questions.js';

const network: NetworkFact = {
  ...{ name: 'office', id: 'x', driver: 'ipvlan', mode: 'l3', flag: undefined, parent: 'eth0', internal: false },
  subnets: [{ subnet: '10.9.0.0/24', gateway: undefined }],
  options: {},
};
const container: ContainerFact = {
  ...{ name: 'webapp', id: 'y', state: 'running' },
  attachments: [{ network: 'office', addresses: ['10.9.0.10'], gateway: undefined }],
};
const nodes: readonly NodeFact[] = [
  { name: 'webapp', kind: 'container', addresses: ['10.9.0.10'] },
  { name: 'database', kind: 'container', addresses: ['10.9.0.11'] },
  { name: 'host', kind: 'host', addresses: ['10.0.0.2'] },
  { name: 'gateway', kind: 'gateway', addresses: ['10.0.0.1'] },
  { name: 'internet', kind: 'internet', addresses: ['8.8.8.8', '1.1.1.1', '2001:4860:4860::8888'] },
];
const wishes = { targets: [], addresses: nodes[4]?.addresses ?? [], name: 'example.org', resolved: {} };

describe('the checks of a container', () => {
  it('the usual checks ask its siblings, the gateway, two public addresses in its families, and a name', () => {
    const { checks, comparisons } = questionsOf({ container, networks: [network], nodes }, wishes);
    expect(checks.map(({ id }) => id)).to.deep.equal([
      'webapp>database/icmp',
      'webapp>gateway/icmp',
      'webapp>8.8.8.8/icmp',
      'webapp>1.1.1.1/icmp',
      'webapp>8.8.8.8/tcp/443',
      'webapp>1.1.1.1/tcp/443',
      'webapp>8.8.8.8/dns',
      'webapp>1.1.1.1/dns',
      'webapp>example.org/dns',
    ]);
    expect(comparisons.map(({ id }) => id)).to.include.members(['host>8.8.8.8/icmp', 'database>gateway/icmp']);
  });

  it('no check leaves an internal network', () => {
    const internal = { ...network, internal: true };
    const { checks } = questionsOf({ container, networks: [internal], nodes }, wishes);
    expect(checks.map(({ id }) => id)).to.deep.equal(['webapp>database/icmp']);
  });

  it('a name whose addresses are not known is checked by resolving it', () => {
    const { checks } = questionsOf({ container, networks: [network], nodes }, { ...wishes, targets: ['nowhere.test'] });
    expect(checks.map(({ id }) => id)).to.deep.equal(['webapp>nowhere.test/dns']);
  });

  it('a target may name a port', () => {
    expect(parseTarget('google.com:443')).to.deep.equal({ host: 'google.com', port: 443 });
    expect(parseTarget('[fd00::1]:22')).to.deep.equal({ host: 'fd00::1', port: 22 });
    expect(parseTarget('fd00::1')).to.deep.equal({ host: 'fd00::1', port: undefined });
  });
});
