import { expect } from 'chai';
import { execute, type NodeCommand } from '../../../src/topology/execute.js';
import type { Journal } from '../../../src/topology/journal.js';
import type { Namespaces } from '../../probes/real/namespaces.js';
import { withFilteredHost } from './filtered-host.js';

const RULE = 'ip daddr 192.0.2.66 counter drop';

describe('undoing commands on the host', () => {
  let net: Namespaces;
  let journal: Journal;

  withFilteredHost((host) => {
    ({ net, journal } = host);
  });

  const execution = (...commands: readonly Omit<NodeCommand, 'on'>[]) =>
    execute(
      { shell: net, nodes: net.nodes, journal },
      commands.map((command) => ({ on: 'host', ...command })),
    );
  const refused = (asked: Promise<unknown>) => asked.then(() => 'it succeeded', String);

  it('succeeds where what it would undo is gone already', async () => {
    const undo = await execution({
      run: `nft add rule inet t o ${RULE}`,
      undo: 'nft delete rule inet t o handle 4711',
    });
    await net.expect('nft flush chain inet t o');
    await undo();
    expect(journal.open).to.deep.equal([]);
  });

  it('fails where the rule is still there, and the journal still names it', async () => {
    const undo = await execution({
      run: `nft add rule inet t o ${RULE}`,
      undo: 'nft delete rule inet t o handle 4711',
    });
    expect(await refused(undo())).to.include('ip daddr 192.0.2.66 counter drop');
    expect(journal.open).to.deep.equal(['nft delete rule inet t o handle 4711']);
  });

  it('has nothing to do after a command that failed and changed nothing', async () => {
    const failed = execution({ run: 'ip route add 192.0.2.0/24 dev nowhere', undo: 'ip route del 192.0.2.0/24' });
    expect(await refused(failed)).to.include('nowhere');
    expect(journal.open).to.deep.equal([]);
  });

  it('says what is left after a command that failed', async () => {
    const failed = execution(
      { run: `nft add rule inet t o ${RULE}`, undo: 'false' },
      { run: 'ip route add 192.0.2.0/24 dev nowhere', undo: 'ip route del 192.0.2.0/24' },
    );
    expect(await refused(failed)).to.include('nowhere');
    expect(journal.open).to.deep.equal(['ip route del 192.0.2.0/24; false']);
  });
});
