import { expect } from 'chai';
import { execute } from '../../../src/topology/execute.js';
import { readHostState } from '../../../src/topology/host-state.js';
import type { Journal } from '../../../src/topology/journal.js';
import { readJournals } from '../../../src/topology/left-journals.js';
import { undoLeft } from '../../../src/topology/undo-left.js';
import type { Namespaces } from '../../probes/real/namespaces.js';
import { withFilteredHost } from './filtered-host.js';

const DROP = 'ip daddr 192.0.2.66 counter drop';

describe('what a killed run left on the host', function () {
  this.timeout(60_000);
  let net: Namespaces;
  let directory: string;
  let journal: Journal;

  withFilteredHost(async (host) => {
    ({ net, journal, directory } = host);
    journal.before(await readHostState(net));
  });
  afterEach(() => net.expect('ip link del p-site 2>/dev/null; :'));

  /** Makes a change as a run does. */
  const made = (run: string, undo: string) =>
    execute({ shell: net, nodes: net.nodes, journal }, [{ on: 'host', run, undo }]);
  /** What `gc` makes of it, from the journal alone. */
  async function collected() {
    const [left] = readJournals(directory).journals;
    if (!left) throw new Error('the journal is gone');
    return undoLeft(net, left, 0);
  }

  it('is gone once it is undone', async () => {
    await made('sysctl -qw net.ipv4.ip_forward=1', 'sysctl -qw net.ipv4.ip_forward=0');
    expect(await collected()).to.deep.equal({ undone: ['sysctl -qw net.ipv4.ip_forward=0'], left: [] });
    expect(await net.expect('cat /proc/sys/net/ipv4/ip_forward')).to.equal('0\n');
  });

  it('is still there when the undo fails', async () => {
    const undo = 'nft delete rule inet t o handle 4711';
    await made(`nft add rule inet t o ${DROP}`, undo);
    const { undone, left } = await collected();
    expect(undone).to.deep.equal([]);
    expect(left.join()).to.include(undo).and.include(DROP).and.include('No such file or directory');
  });

  it('is still there when the undo says that it went well and did nothing', async () => {
    await made(`nft add rule inet t o ${DROP}`, 'true');
    expect((await collected()).left.join()).to.include(DROP);
  });

  it('is still there when one of two equal rules stays', async () => {
    await net.expect(`nft add rule inet t o ${DROP}`);
    journal.before(await readHostState(net));
    await made(`nft add rule inet t o ${DROP}`, 'false');
    expect((await collected()).left.join()).to.include(DROP);
  });

  it('is gone when the undo fails for want of anything to undo', async () => {
    await made(`nft add rule inet t o ${DROP}`, 'nft delete rule inet t o handle 4711');
    await net.expect('nft flush chain inet t o');
    expect((await collected()).left).to.deep.equal([]);
  });

  it('is gone when the link it was made on is, although the undo fails', async () => {
    await net.expect('ip link add p-site type veth peer name p-far; ip link set p-far up; ip link set p-site up');
    await made('ip link set p-site down', 'ip link set p-site up && ip route add 10.99.0.0/16 dev p-site');
    await net.expect('ip link del p-site');
    expect((await collected()).left).to.deep.equal([]);
  });

  it('is judged by the whole host where the run was killed before it knew what it had changed', async () => {
    journal.note('a rule', 'nft delete rule inet t o handle 4711');
    expect((await collected()).left, 'the change was never made').to.deep.equal([]);
    await net.expect(`nft add rule inet t o ${DROP}`);
    expect((await collected()).left.join()).to.include(DROP);
  });

  it('is judged by the exit code where a script checks by itself', async () => {
    journal.note('a trace instance', 'echo it is busy >&2; exit 1', { checked: true });
    journal.note('another', 'true', { checked: true });
    expect(await collected()).to.deep.equal({ undone: ['another'], left: ['a trace instance: it is busy'] });
  });

  it('does not keep what others changed since from counting as gone', async () => {
    await made(`nft add rule inet t o ${DROP}`, 'nft flush chain inet t o');
    await net.expect('ip route add blackhole 198.51.100.0/24');
    expect((await collected()).left).to.deep.equal([]);
    await net.expect('ip route del blackhole 198.51.100.0/24');
  });
});
