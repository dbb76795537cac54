import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Command } from 'commander';
import { attachWishes, withAttachOptions, type AttachFlags } from '../../src/commands/attach-options.js';
import { messageOf } from '../../src/errors.js';

/** The wishes of a command line, or why there are none. */
async function wishes(...words: readonly string[]) {
  const command = withAttachOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    return await attachWishes(command.parse(words, { from: 'user' }).opts<AttachFlags>());
  } catch (error) {
    return messageOf(error);
  }
}

describe('what the user says about a real network', () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-wishes-'))));
  after(() => rm(directory, { recursive: true }));

  it('the evidence of a gateway is accepted', async () => {
    const file = join(directory, 'gateway.txt');
    await writeFile(file, '### ipvlan-doctor links\n[]\n### ipvlan-doctor end\n');
    expect(await wishes('--gateway-evidence', file)).to.have.nested.property('gatewaySide.text');
  });

  it('any other file is rejected before the look', async () => {
    const file = join(directory, 'hello.txt');
    await writeFile(file, 'hello');
    expect(await wishes('--gateway-evidence', file)).to.match(/not a gateway's evidence/);
    expect(await wishes('--gateway-evidence', join(directory, 'none.txt'))).to.match(/none\.txt cannot be read/);
  });

  it('the number of pings is one that a look has time for', async () => {
    expect(await wishes('--attempts', '50')).to.include({ attempts: 50 });
    expect(await wishes('--attempts', '51')).to.match(/from 1 to 50/);
  });
});
