import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'chai';
import type { Command } from 'commander';
import ts from 'typescript';
import { everyCommand, program } from '../../src/commands/program.js';

/** Where a sentence speaks of the flags of Docker, not of ours. */
const OF_DOCKER = new Set([
  'engine/version-notes.ts',
  'scenario/schema/schema.ts',
  'workflows/attach/predict-problems.ts',
  'workflows/attach/validate.ts',
]);
/** Where programs are called, or their commands are printed: their flags are theirs. */
const OF_PROGRAMS =
  /^(?:diagnosis|faults|path|probes|topology\/(?:site|state)|lab\/image|report\/html\/style|engine\/agent-image\.ts\b.*RUN )/;
/** Modules that others import too, and whose sentences one verb alone prints. */
const PRINTED_BY: Readonly<Record<string, string>> = {
  'workflows/run/can-run.ts': 'run',
  'workflows/run/work.ts': 'run',
  'workflows/run/run.ts': 'run',
  'commands/interruption.ts': 'run',
};
const verbs = program().commands;
const flagsOf = (verb: Command) =>
  new Set(everyCommand(verb).flatMap(({ options }) => options.map(({ long }) => long)));
const FLAGS: ReadonlyMap<string, ReadonlySet<string | undefined>> = new Map(
  verbs.map((verb) => [verb.name(), flagsOf(verb)]),
);
/** Verbs that ask an engine the user names. The others import much that never speaks for them. */
const ASKING = new Set(
  verbs.map((verb) => verb.name()).filter((name) => name !== 'gc' && FLAGS.get(name)?.has('--engine')),
);
const named = (text: string) => [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag);

/** What gives an option its name is no sentence about it. */
const DEFINITION = /^(?:-[a-z], )?--[a-z-]+(?: [<[].*)?$/;

interface Source {
  readonly imports: readonly string[];
  readonly sentences: readonly string[];
}

/** What a module imports at run time, and the texts in it. */
function sourceOf(file: string): Source {
  const [imports, sentences] = [[] as string[], [] as string[]];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const to = (node.moduleSpecifier as ts.StringLiteral).text;
      if (to.startsWith('.') && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
        imports.push(normalize(join(dirname(file), to)).replace(/\.js$/, ''));
    } else if (ts.isStringLiteralLike(node)) sentences.push(node.text);
    else if (ts.isTemplateExpression(node)) {
      sentences.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
      for (const { expression } of node.templateSpans) visit(expression);
    } else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join('src', file), 'utf8'), ts.ScriptTarget.Latest));
  return { imports, sentences: sentences.filter((text) => /[a-z] /.test(text) && !DEFINITION.test(text)) };
}

const SOURCES: ReadonlyMap<string, Source> = new Map(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => [file.replace(/\.tsx?$/, ''), sourceOf(file)]),
);

function reachedFrom(module: string, reached = new Set<string>()): ReadonlySet<string> {
  if (reached.has(module)) return reached;
  reached.add(module);
  for (const next of SOURCES.get(module)?.imports ?? []) reachedFrom(next, reached);
  return reached;
}

/** Our own commands that a text quotes, such as "ipvlan-doctor lab up --name OTHER". */
const QUOTED = /(?:\bipvlan-doctor |"(?!ipvlan))([a-z]+)\b([^"]*)/g;

/** Flags that a text names for a verb that does not have them; within a command, for the verb of that command. */
function missingIn(text: string, spokenBy: readonly string[]): readonly string[] {
  const lacking = (verb: string, part: string) =>
    named(part).flatMap((flag) => (FLAGS.get(verb)?.has(flag) ? [] : [`${verb} ${flag}: ${text}`]));
  const commands = [...text.matchAll(QUOTED)].filter(([, verb = '']) => FLAGS.has(verb));
  return [
    ...commands.flatMap(([, verb = '', rest = '']) => lacking(verb, rest)),
    ...spokenBy.flatMap((verb) =>
      lacking(
        verb,
        commands.reduce((left, [command]) => left.replace(command, ''), text),
      ),
    ),
  ];
}

describe('a flag that is named', () => {
  const reached = verbs.map((verb) => [verb.name(), reachedFrom(`commands/${verb.name()}`)] as const);

  it('a flag in a sentence of the sources is one of each verb that may print it', () => {
    const wrong = [...SOURCES].flatMap(([module, { sentences }]) => {
      const file = `${module}.ts`;
      const only = PRINTED_BY[file];
      const spokenBy =
        only === undefined
          ? reached.flatMap(([verb, modules]) => (modules.has(module) && ASKING.has(verb) ? [verb] : []))
          : [only];
      return sentences
        .filter((text) => !OF_DOCKER.has(file) && !OF_PROGRAMS.test(`${file} ${text.replaceAll('\n', ' ')}`))
        .flatMap((text) => missingIn(text, spokenBy).map((one) => `${file}: ${one}`));
    });
    expect(wrong).to.deep.equal([]);
  });

  for (const verb of verbs) {
    it(`a flag in the help of ${verb.name()} is one of its own`, () => {
      const texts = everyCommand(verb).flatMap((one) => [
        one.description(),
        ...one.registeredArguments.map(({ description }) => description),
        ...one.options.map(({ description }) => description),
      ]);
      expect(texts.flatMap((text) => missingIn(text, [verb.name()]))).to.deep.equal([]);
    });
  }

  for (const file of ['README.md', 'CONTRIBUTING.md', 'scenarios/README.md', 'src/README.md']) {
    it(`a flag in ${file} is one of the verb beside it`, () => {
      const text = readFileSync(file, 'utf8').replaceAll(/^\$ docker .*$/gm, '');
      const commands = [
        ...text.matchAll(/(?:`|^|\$ )(?:ipvlan-doctor |node dist\/cli\.js )?([a-z]+) ([^`\n]*)/gm),
      ].filter(([, verb = '']) => FLAGS.has(verb));
      const spans = [...text.matchAll(/`(--[^`]+)`/g)].map(([, span = '']) => span);
      const anywhere = (flag: string) => flag === '--help' || [...FLAGS.values()].some((flags) => flags.has(flag));
      expect(commands.flatMap(([, verb = '', rest = '']) => missingIn(rest, [verb]))).to.deep.equal([]);
      expect(spans.flatMap(named).filter((flag) => !anywhere(flag))).to.deep.equal([]);
    });
  }
});
