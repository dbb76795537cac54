import { filterTar, readTar, type TarEntry } from '../engine/archive.js';

/** Pulled in by maintainer scripts only, which never run in the image. */
const NOT_NEEDED = new Set([
  'debconf',
  'init-system-helpers',
  'perl-base',
  'adduser',
  'passwd',
  'login',
  'libdb5.3',
  'dpkg',
]);

/** Directories a container expects though no package of the closure lists them. */
const ALWAYS =
  /^(bin|sbin|lib|lib64|etc|dev|proc|sys|run|tmp|var|var\/tmp|root|usr|etc\/(passwd|group|nsswitch\.conf|host\.conf|ld\.so\.conf|ld\.so\.cache))$/;

/**
 * Cuts the agent's file system out of the guest's: the files of the packages named and of all they depend on.
 *
 * @param rootfs the guest's file system as a tar file, with its dpkg database
 * @param target tar file to write: the one layer of the agent image
 */
export async function writeAgentLayer(rootfs: string, target: string, packages: readonly string[]): Promise<void> {
  const lists = new Map<string, string>();
  let status = '';
  await readTar(rootfs, async ({ name }, content) => {
    const list = /^var\/lib\/dpkg\/info\/([^:]+?)(?::\w+)?\.list$/.exec(name)?.[1];
    if (list) lists.set(list, (await content()).toString());
    if (name === 'var/lib/dpkg/status') status = (await content()).toString();
  });
  const files = new Set(closure(status, packages).flatMap((name) => (lists.get(name) ?? '').split('\n').map(merged)));
  await filterTar(rootfs, target, (entry) => belongs(entry, files));
}

/** The packages named and all they depend on, as far as installed. Of alternatives, those installed count. */
export function closure(status: string, packages: readonly string[]): string[] {
  // Virtual names first: a package may "provide" a name that is also a real one's, its own included.
  const dependencies = new Map(
    status
      .split('\n\n')
      .flatMap(paragraph)
      .sort((a, b) => Number(b.virtual) - Number(a.virtual))
      .map((term) => [term.name, term.depends]),
  );
  const reached = new Set<string>();
  const queue = [...packages];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name) || NOT_NEEDED.has(name) || !dependencies.has(name)) continue;
    reached.add(name);
    queue.push(...(dependencies.get(name) ?? []));
  }
  return [...reached].sort();
}

interface Term {
  readonly name: string;
  readonly depends: readonly string[];
  readonly virtual: boolean;
}

function paragraph(text: string): Term[] {
  const name = /^Package: (.+)$/m.exec(text)?.[1];
  if (!name) return [];
  const names = (field: string) => field.split(/[,|]/).map((term) => term.trim().split(/[\s:(]/)[0] ?? '');
  const depends = [...text.matchAll(/^(?:Pre-)?Depends: (.+)$/gm)].flatMap(([, value = '']) => names(value));
  const provides = names(/^Provides: (.+)$/m.exec(text)?.[1] ?? '').filter(Boolean);
  return [
    { name, depends, virtual: false },
    ...provides.map((virtual) => ({ name: virtual, depends: [name], virtual: true })),
  ];
}

/** Since /usr was merged, packages may still list files under the old top-level names. */
function merged(path: string): string {
  return path.replace(/^\//, '').replace(/^(bin|sbin|lib|lib64)\//, 'usr/$1/');
}

function belongs({ name, type, link }: TarEntry, files: ReadonlySet<string>): boolean {
  if (ALWAYS.test(name) || name.startsWith('etc/alternatives')) return true;
  if (type === 'symlink' && link?.startsWith('/etc/alternatives/')) return true;
  return (
    files.has(name) &&
    !/^(usr\/share\/(bash-completion|zsh|lintian|bug)|usr\/lib\/[^/]+\/gconv\/|var\/lib\/dpkg)/.test(name)
  );
}
