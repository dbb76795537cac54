import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DoctorError } from '../src/errors.js';
import { ownDirectory, stateDirectory } from '../src/own-directory.js';

describe('a directory that only this user may write', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-own-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const INSTEAD = 'Set SOMEWHERE to another.';
  const refusal = (directory: string) => {
    try {
      ownDirectory(directory, INSTEAD);
    } catch (error) {
      if (error instanceof DoctorError) return error;
      throw error;
    }
    return expect.fail('it was used');
  };

  it('is made for its user alone, with what leads to it', async () => {
    const directory = join(root, 'a', 'b');
    ownDirectory(directory, INSTEAD);
    expect((await stat(directory)).mode & 0o777).to.equal(0o700);
    ownDirectory(directory, INSTEAD);
  });

  it('may be read by others', async () => {
    await chmod(root, 0o755);
    ownDirectory(root, INSTEAD);
  });

  for (const mode of [0o777, 0o1777, 0o770, 0o702]) {
    it(`is refused when others can write in it (${mode.toString(8)})`, async () => {
      await chmod(root, mode);
      const { code, message, hint } = refusal(root);
      expect(code).to.equal('REQUIREMENT_MISSING');
      expect(message).to.include(`${root} can be written by other users`);
      expect(hint).to.include(INSTEAD);
    });
  }

  it('is refused when another user owns it', async () => {
    const isRoot = process.getuid?.() === 0;
    const foreign = isRoot ? join(root, 'theirs') : '/usr';
    if (isRoot) {
      await mkdir(foreign, { mode: 0o700 });
      await chown(foreign, 4711, 4711);
    }
    expect(refusal(foreign).message).to.match(/belongs to user \d+, not to user \d+/);
  });

  it('is refused when it is a link, even to a directory of this user', async () => {
    const link = join(root, 'link');
    await mkdir(join(root, 'mine'), { mode: 0o700 });
    await symlink(join(root, 'mine'), link);
    expect(refusal(link).message).to.include('is a symbolic link');
    await symlink(join(root, 'nosuch'), join(root, 'dangling'));
    expect(refusal(join(root, 'dangling')).message).to.include('dangling');
  });

  it('is refused when it is a file, or cannot be made', async () => {
    await writeFile(join(root, 'file'), '');
    expect(refusal(join(root, 'file')).message).to.include('is no directory');
    expect(refusal(join(root, 'file', 'below')).code).to.equal('OUTPUT_UNWRITABLE');
  });

  it('holds state where the user wants it, else in the XDG directory, else at home; an empty variable is none', () => {
    expect(stateDirectory({ IPVLAN_DOCTOR_STATE: '/a', XDG_STATE_HOME: '/b' })).to.equal('/a');
    expect(stateDirectory({ IPVLAN_DOCTOR_STATE: '', XDG_STATE_HOME: '/b' })).to.equal('/b/ipvlan-doctor');
    expect(stateDirectory({ XDG_STATE_HOME: '' })).to.match(/\.local\/state\/ipvlan-doctor$/);
  });
});
