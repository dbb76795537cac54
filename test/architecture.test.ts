import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'chai';

/** The stages, left to right: one may import from itself, from what stands left of it, and from the shared ground. */
const LINE = [
  'scenario',
  'evidence',
  'engine',
  'topology',
  'faults',
  'probes',
  'network',
  'path',
  'diagnosis',
  'report',
  'docs',
  'lab',
  'workflows',
  'commands',
];
/** Pure stages look left only at pure stages. */
const PURE = new Set(['scenario', 'evidence', 'network', 'path', 'diagnosis', 'report', 'docs']);
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
  dockerode: 'engine/docker-client.ts',
  'tar-stream': 'engine/archive.ts',
  execa: 'process.ts',
  'cli-table3': 'report/layout.ts',
};

/** The name that a file declares and exports. */
const EXPORTED = /^export (?:async |abstract )?(?:const|function\*?|type|interface|class) (\w+)/gm;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const imports = sources.flatMap((file) =>
  [...readFileSync(join('src', file), 'utf8').matchAll(/^(?:import|export) [^'"]*?from '([^']+)'/gms)].map(
    ([, to = '']) => ({ file, to }),
  ),
);
/** Those of our own files, as paths from `src`. */
const internal = imports.flatMap(({ file, to }) => {
  if (!to.startsWith('.')) return [];
  const path = normalize(join(dirname(file), to)).replace(/\.js$/, '');
  const target = [`${path}.ts`, `${path}.tsx`].find((one) => sources.includes(one));
  return target === undefined ? [] : [{ file, target }];
});
const stageOf = (file: string) => file.split('/')[0] ?? '';

describe('the architecture', () => {
  for (const [name, door] of Object.entries(ONLY_IMPORTER)) {
    it(`lets ${name} in by ${door} alone`, () => {
      expect([...new Set(imports.filter(({ to }) => to === name).map(({ file }) => file))]).to.deep.equal([door]);
    });
  }

  it('lets a stage look left only, and a pure stage only at pure ones', () => {
    const wrong = internal.filter(({ file, target }) => {
      if (!LINE.includes(stageOf(file))) return false;
      const [from, into] = [stageOf(file), stageOf(target)];
      if (GROUND.has(target) || from === into) return false;
      return LINE.indexOf(into) > LINE.indexOf(from) || (PURE.has(from) && !PURE.has(into));
    });
    expect(wrong).to.deep.equal([]);
  });

  it('keeps observations from predictions: a walk takes of them only the MAC addresses that were learned', () => {
    const observes = (file: string) =>
      /^(network\/observations|path\/observe)\//.test(file) || file === 'path/known.ts';
    const predicts = (file: string) => file.startsWith('path/predict/') || /^network\/[^/]+$/.test(file);
    expect(internal.filter(({ file, target }) => predicts(file) && observes(target))).to.deep.equal([]);
  });

  it('has no import cycles, type imports included', () => {
    expect(cycles()).to.deep.equal([]);
  });

  it('gives each exported name one meaning', () => {
    // A cause and the fault that brings it about share one id, and so one name.
    const exported = sources
      .filter((file) => !file.startsWith('faults/'))
      .flatMap((file) => [...readFileSync(join('src', file), 'utf8').matchAll(EXPORTED)].map(([, name]) => name));
    expect(exported.filter((name, at) => exported.indexOf(name) !== at)).to.deep.equal([]);
  });

  for (const [folder, what, shared] of [
    ['diagnosis/causes', 'cause', ['diagnosis/causes/ids.ts']],
    ['faults', 'fault', ['faults/fault.ts', 'faults/switch-filter.ts']],
  ] as const) {
    it(`keeps each ${what} from importing another`, () => {
      const siblings = internal.filter(
        ({ file, target }) =>
          file.startsWith(`${folder}/`) &&
          !file.endsWith('index.ts') &&
          target.startsWith(`${folder}/`) &&
          !shared.some((one) => one === target),
      );
      expect(siblings).to.deep.equal([]);
    });
  }
});

/** Files that import each other, directly or through others (Tarjan's strongly connected components). */
function cycles(): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: (readonly string[])[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.size - 1);
    stack.push(file);
    for (const { target } of internal.filter((one) => one.file === file)) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file) ?? 0, low.get(target) ?? 0));
    }
    if (low.get(file) !== order.get(file)) return;
    const component = stack.splice(stack.indexOf(file)).sort();
    if (component.length > 1) found.push(component);
  };
  for (const file of sources) if (!order.has(file)) visit(file);
  return found;
}
