import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect } from 'chai';

/** The stages, left to right: one may import from itself, from what stands left of it, and from the shared ground. */
const LINE = [
  'scenario',
  'evidence',
  'engine',
  'topology',
  'faults',
  'probes',
  'path',
  'diagnosis',
  'report',
  'lab',
  'workflows',
  'commands',
];
/** Pure stages look left only at pure stages. */
const PURE = new Set(['scenario', 'evidence', 'path', 'diagnosis', 'report']);
/** The shared ground: single files without effects on a network. */
const GROUND = new Set([
  'errors.ts',
  'ip.ts',
  'markdown.ts',
  'own-directory.ts',
  'printable.ts',
  'process-identity.ts',
  'process.ts',
  'shell.ts',
  'suggest.ts',
  'version.ts',
]);
/** The one door to each of these packages. */
const ONLY_IMPORTER: Readonly<Record<string, string>> = {
  dockerode: 'engine/docker.ts',
  'tar-stream': 'engine/archive.ts',
  execa: 'process.ts',
  'cli-table3': 'report/layout.ts',
};

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const imports = sources.flatMap((file) =>
  [...readFileSync(join('src', file), 'utf8').matchAll(/^(?:import|export) [^'"]*?from '([^']+)'/gms)].map(
    ([, to = '']) => ({ file, to }),
  ),
);
const stageOf = (file: string) => file.split('/')[0] ?? '';

describe('the architecture', () => {
  for (const [name, door] of Object.entries(ONLY_IMPORTER)) {
    it(`lets ${name} in by ${door} alone`, () => {
      expect([...new Set(imports.filter(({ to }) => to === name).map(({ file }) => file))]).to.deep.equal([door]);
    });
  }

  it('lets a stage look left only, and a pure stage only at pure ones', () => {
    const wrong = imports.filter(({ file, to }) => {
      if (!to.startsWith('.') || !LINE.includes(stageOf(file))) return false;
      const target = relative('.', normalize(join(dirname(file), to.replace(/\.js$/, '.ts'))));
      const [from, into] = [stageOf(file), stageOf(target)];
      if (GROUND.has(target) || from === into) return false;
      return LINE.indexOf(into) > LINE.indexOf(from) || (PURE.has(from) && !PURE.has(into));
    });
    expect(wrong).to.deep.equal([]);
  });

  for (const [folder, what] of [
    ['diagnosis/causes', 'cause'],
    ['faults', 'fault'],
  ] as const) {
    it(`keeps each ${what} from importing another`, () => {
      const siblings = imports.filter(
        ({ file, to }) =>
          dirname(file) === folder && !file.endsWith('index.ts') && /^\.\/(?!(?:fault|switch-filter)\.js)/.test(to),
      );
      expect(siblings).to.deep.equal([]);
    });
  }
});
