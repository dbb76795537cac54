import { mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ownDirectory, rejectForeign } from '../own-directory.js';

/** `IPVLAN_DOCTOR_CACHE`, else the XDG cache directory of the user. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env['IPVLAN_DOCTOR_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ipvlan-doctor');
}

const ELSEWHERE = 'Set IPVLAN_DOCTOR_CACHE to a directory only you can write, with 2 GB free.';

/** @throws DoctorError `OUTPUT_UNWRITABLE` when it cannot be made, `REQUIREMENT_MISSING` when others can write in it */
export function makeCacheDirectory(): string {
  const directory = cacheDirectory();
  ownDirectory(directory, ELSEWHERE);
  return directory;
}

/** Prefix of directories that are still being built; one whose builder was killed is removed by the next build. */
const UNFINISHED = '.unfinished-';

/**
 * A directory of the cache, built when it is not there. It is built next to its place and moved into it when complete, so
 * that an interrupted build leaves nothing half-made; two builders at once take turns.
 *
 * @param name unique for its content: it holds a hash of everything that determines it
 * @throws DoctorError `OUTPUT_UNWRITABLE` when the cache cannot be written, `REQUIREMENT_MISSING` when others can write in
 *   it, and the errors of `build`
 */
export async function cached(name: string, build: (directory: string) => Promise<void>): Promise<string> {
  const root = cacheDirectory();
  const place = join(root, name);
  makeCacheDirectory();
  rejectForeign(place, ELSEWHERE);
  if (await exists(place)) return place;
  const unlock = await lock(join(root, `${name}.lock`));
  let unfinished: string | undefined;
  try {
    if (await exists(place)) return place;
    await removeUnfinished(root);
    unfinished = await mkdtemp(join(root, `${UNFINISHED}${process.pid}-`));
    await build(unfinished);
    await rename(unfinished, place);
    return place;
  } catch (error) {
    if (unfinished) await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    await unlock();
  }
}

/** Waits for another builder of the same thing; a lock whose holder was killed does not count. */
async function lock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => '0'));
    if (holder > 0 && !isRunning(holder)) await rm(file, { force: true });
    else await wait(200);
  }
}

/** Removes what killed builds left. */
async function removeUnfinished(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const builder = name.startsWith(UNFINISHED) ? Number(name.slice(UNFINISHED.length).split('-')[0]) : undefined;
    if (builder !== undefined && !isRunning(builder)) await rm(join(root, name), { recursive: true, force: true });
  }
}

/** Whether a process of that number runs, of any user. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
