import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isRunning } from '../../src/lab/cache.js';
import { findLab, Lab, startLab } from '../../src/lab/lab.js';

describe('a lab whose machine is gone', () => {
  it('leaves the process alone that has its number now', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    const pid = other.pid ?? 0;
    const lab = new Lab({ name: 'gone', release: 'trixie', pid, port: 1, startedAt: '', certificates: '' });
    try {
      expect(lab.lives()).to.equal(false);
      lab.kill();
      expect(other.killed || !isRunning(pid)).to.equal(false);
      await lab.stop();
      expect(isRunning(pid)).to.equal(true);
    } finally {
      other.kill();
    }
  });
});

describe('the place where labs are noted', () => {
  let root: string;
  let place: string;
  const before = process.env['XDG_RUNTIME_DIR'];
  const machines: ReturnType<typeof spawn>[] = [];
  const said = (promise: Promise<unknown>) =>
    promise.then(
      () => 'it was believed',
      (error: unknown) => String(error),
    );

  /** A lab as its own user notes one: its machine is a process that runs in its directory. */
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-place-'));
    process.env['XDG_RUNTIME_DIR'] = root;
    place = join(root, `ipvlan-doctor-${userInfo().uid}`);
    const directory = join(place, 'default');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const machine = spawn('sleep', ['60'], { cwd: directory });
    await once(machine, 'spawn');
    machines.push(machine);
    const record = { name: 'default', release: 'trixie', pid: machine.pid, port: 1, startedAt: '', certificates: '' };
    await writeFile(join(directory, 'lab.json'), JSON.stringify(record));
  });
  afterEach(async () => {
    for (const machine of machines.splice(0)) machine.kill();
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = before;
    await rm(root, { recursive: true });
  });

  it('is believed where only its user can write', async () => {
    expect((await findLab('default'))?.record.name).to.equal('default');
  });

  it('is not believed where others can write, or behind a link', async () => {
    await chmod(place, 0o777);
    expect(await said(findLab('default'))).to.match(/ipvlan-doctor-\d+ can be written by other users \(mode 777\)/);
    await rename(place, join(root, 'elsewhere'));
    await chmod(join(root, 'elsewhere'), 0o700);
    await symlink(join(root, 'elsewhere'), place);
    expect(await said(findLab('default'))).to.include('is a symbolic link');
  });

  it('holds no lab that calls itself by another name than its directory', async () => {
    await rename(join(place, 'default'), join(place, 'other'));
    expect(await findLab('default')).to.equal(undefined);
  });

  it('cannot be escaped from with the name of a lab', async () => {
    const options = { release: 'trixie', private: true } as const;
    for (const name of ['../elsewhere', '/tmp/x', '', '.', '-x', 'a b', 'a\nb'])
      expect(await said(startLab({ ...options, name }))).to.include('A lab cannot be called');
  });
});
