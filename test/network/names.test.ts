import { expect } from 'chai';
import type { ContainerFact, DnsServer } from '../../src/evidence/facts.js';
import { serversAskedBy } from '../../src/network/names.js';

const container: ContainerFact = { name: 'webapp', id: '', state: 'running', attachments: [], dns: ['192.168.0.9'] };
const resolvers: readonly DnsServer[] = [
  { address: '192.168.0.1', askedFrom: 'container', source: 'host' },
  { address: '127.0.0.53', askedFrom: 'host', source: 'host' },
];

describe('the DNS servers asked from a container', () => {
  it('are those its resolver asks there, else those Docker was given', () => {
    expect(serversAskedBy({ ...container, resolvers })).to.deep.equal(['192.168.0.1']);
    expect(serversAskedBy(container)).to.deep.equal(['192.168.0.9']);
    expect(serversAskedBy(undefined)).to.deep.equal([]);
  });
});
