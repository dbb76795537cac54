import { expect } from 'chai';
import { completed } from '../../src/evidence/older.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import type { NodeFact } from '../../src/evidence/facts.js';

const node = (name: string, kind: NodeFact['kind']): NodeFact => ({ name, kind, addresses: [] });
const HOST = node('host', 'host');
const SITE = [
  HOST,
  node('gateway', 'gateway'),
  node('nas', 'peer'),
  node('internet', 'internet'),
  node('web', 'container'),
];

function nodesOf(nodes: readonly NodeFact[]): readonly NodeFact[] | undefined {
  const evidence = { facts: { nodes } } as unknown as Evidence;
  return completed(evidence).facts.nodes;
}

describe('evidence of an older version', () => {
  it('gets the ports of its switch, one for each node on the LAN', () => {
    const ports = nodesOf([...SITE, node('switch', 'switch')])?.find(({ name }) => name === 'switch')?.ports;
    expect(ports).to.deep.equal([
      { node: 'host', device: 'p-host' },
      { node: 'gateway', device: 'p-gateway' },
      { node: 'nas', device: 'p-nas' },
    ]);
  });

  it('keeps the ports that a switch has', () => {
    const known = { ...node('switch', 'switch'), ports: [{ node: 'host', device: 'ge-0/0/1' }] };
    expect(nodesOf([HOST, known])).to.deep.equal([HOST, known]);
  });

  it('stays as it is where no switch is in it', () => {
    expect(nodesOf(SITE)).to.equal(SITE);
  });
});
