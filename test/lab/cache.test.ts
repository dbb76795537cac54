import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cached, cacheDirectory } from '../../src/lab/cache.js';

describe('the cache', () => {
  let root: string;
  const before = process.env['IPVLAN_DOCTOR_CACHE'];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-cache-'));
    process.env['IPVLAN_DOCTOR_CACHE'] = root;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['IPVLAN_DOCTOR_CACHE'];
    else process.env['IPVLAN_DOCTOR_CACHE'] = before;
    await rm(root, { recursive: true });
  });

  it('lies where the user wants it, else in the XDG directory, else at home', () => {
    expect(cacheDirectory({ IPVLAN_DOCTOR_CACHE: '/a', XDG_CACHE_HOME: '/b' })).to.equal('/a');
    expect(cacheDirectory({ XDG_CACHE_HOME: '/b' })).to.equal('/b/ipvlan-doctor');
    expect(cacheDirectory({})).to.match(/\.cache\/ipvlan-doctor$/);
  });

  it('builds once, and hands out what is there afterwards', async () => {
    let builds = 0;
    const build = (directory: string) => {
      builds++;
      return writeFile(join(directory, 'disk'), 'content');
    };
    const place = await cached('lab-1', build);
    expect(await cached('lab-1', build)).to.equal(place);
    expect([builds, await readFile(join(place, 'disk'), 'utf8')]).to.deep.equal([1, 'content']);
  });

  it('lets two builders take turns', async () => {
    let builds = 0;
    const build = async (directory: string) => {
      builds++;
      await writeFile(join(directory, 'disk'), '');
    };
    await Promise.all([cached('lab-1', build), cached('lab-1', build)]);
    expect(builds).to.equal(1);
    expect(await readdir(root)).to.deep.equal(['lab-1']);
  });

  it('keeps nothing of a build that failed', async () => {
    const failing = async (directory: string) => {
      await writeFile(join(directory, 'half'), '');
      throw new Error('interrupted');
    };
    const error = await cached('lab-1', failing).catch((reason: unknown) => reason);
    expect(error).to.be.an('error').with.property('message', 'interrupted');
    expect(await readdir(root)).to.deep.equal([]);
  });

  it('removes what a killed builder left, with its lock, and nothing of a builder that runs', async () => {
    const dead = await deadProcess();
    await mkdir(join(root, `.unfinished-${dead}-x`));
    await mkdir(join(root, `.unfinished-${process.pid}-x`));
    await writeFile(join(root, 'lab-1.lock'), String(dead));
    await cached('lab-1', () => Promise.resolve());
    expect(await readdir(root)).to.have.members([`.unfinished-${process.pid}-x`, 'lab-1']);
  });

  it('hands out nothing where others could have put it', async () => {
    const said = () => cached('lab-1', () => Promise.resolve()).catch((reason: unknown) => String(reason));
    await mkdir(join(root, 'lab-1'), { mode: 0o700 });
    await chmod(root, 0o777);
    expect(await said()).to.include('can be written by other users');
    await chmod(root, 0o700);
    await chmod(join(root, 'lab-1'), 0o777);
    expect(await said()).to.include('lab-1 can be written by other users');
  });

  it('says what to do where it cannot be made', async () => {
    await writeFile(join(root, 'file'), '');
    process.env['IPVLAN_DOCTOR_CACHE'] = join(root, 'file', 'cache');
    const error = await cached('lab-1', () => Promise.resolve()).catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'OUTPUT_UNWRITABLE');
  });
});

async function deadProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}
