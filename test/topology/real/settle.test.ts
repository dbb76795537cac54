import { expect } from 'chai';
import { flushUnanswered } from '../../../src/topology/settle.js';
import { withNamespaces, type Namespaces } from '../../probes/real/namespaces.js';

describe('a failed neighbour entry', () => {
  let net: Namespaces;

  withNamespaces((made) => {
    net = made;
  });

  const neighbours = async (node: 'host' | 'lan'): Promise<Readonly<Record<string, string>>> => {
    const enter = node === 'host' ? '' : `ip netns exec ${node} `;
    const lines = (await net.expect(`${enter}ip -4 neigh show dev eth0`)).trim().split('\n').filter(Boolean);
    return Object.fromEntries(lines.map((line) => [line.split(' ')[0] ?? '', line.trim().split(' ').at(-1) ?? '']));
  };

  it('is deleted on every node, and entries of neighbours that answered stay', async () => {
    await net.expect('ping -c 1 10.9.0.2 >/dev/null; ping -c 1 -W 0.1 10.9.0.66 >/dev/null; :');
    await net.expect('ip netns exec lan ping -c 1 -W 0.1 10.9.0.77 >/dev/null; :');
    expect(await neighbours('host')).to.include({ '10.9.0.66': 'INCOMPLETE' });
    expect(await neighbours('lan')).to.include({ '10.9.0.77': 'INCOMPLETE' });
    await flushUnanswered(net, net.nodes, 'eth0');
    expect(await neighbours('host')).to.have.all.keys('10.9.0.2');
    expect(await neighbours('lan')).to.have.all.keys('10.9.0.1');
  });

  it('stays on an interface of the host that is not the site’s', async () => {
    await net.expect('ping -c 1 -W 0.1 10.9.0.66 >/dev/null; :');
    await flushUnanswered(net, net.nodes, 'narrow');
    expect(await neighbours('host')).to.have.any.keys('10.9.0.66');
  });
});
