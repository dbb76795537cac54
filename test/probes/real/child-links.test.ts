import { expect } from 'chai';
import { childLinks } from '../../../src/probes/facts/child-links.js';
import { withNamespaces, type Namespaces } from './namespaces.js';

describe('links on a parent, of a real kernel', function () {
  this.timeout(60_000);
  let host: Namespaces;

  withNamespaces((made) => {
    host = made;
  });

  it('are found on the host, in a named namespace and in the namespace of a program', async () => {
    await host.expect('ip link add mv0 link eth0 type macvlan mode private');
    await host.expect('ip link add mv1 link eth0 netns lan type macvlan mode bridge');
    await host.expect(`unshare --net sleep 300 >/dev/null 2>&1 & echo $! >/run/program
       until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done`);
    await host.expect('ip link add mv2 link eth0 netns "$(cat /run/program)" type macvlan mode vepa');
    const children = await childLinks(host, 'eth0');
    expect(children.map(({ name, mode }) => `${name} ${mode}`).sort()).to.deep.equal([
      'mv0 private',
      'mv1 bridge',
      'mv2 vepa',
    ]);
    expect(children.find(({ name }) => name === 'mv2')?.program).to.equal('sleep');
    expect(children.find(({ name }) => name === 'mv1')?.program).to.equal('lan');
    expect(await childLinks(host, 'narrow')).to.deep.equal([]);
  });
});
