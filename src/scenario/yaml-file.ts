import { type Document, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../errors.js';
import { Problems } from './problems.js';
import { type Source, yamlSource } from './source.js';

/** Aliases that a file may resolve to, as the parser counts them: beyond it a small file would become a huge one. */
const MOST_ALIASES = 1000;

/** A file that is YAML. */
export interface YamlFile {
  readonly source: Source;
  readonly value: unknown;
}

/**
 * Reads YAML with the places of everything in it.
 *
 * @param merge whether `<<` merges mappings, as compose files use it
 * @throws DoctorError `SCENARIO_INVALID` with every problem and its place, aliases that resolve to too much among them
 */
export function readYaml(text: string, file: string, { merge = false } = {}): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge });
  const source = yamlSource(file, document, lines);
  const problems = new Problems(source);
  for (const { pos, message } of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(pos[0]);
    problems.addAt({ line, column: col }, `This is not YAML as it should be: ${firstLine(message)}`);
  }
  problems.throwIfAny();
  const value = plainValue(document, problems);
  problems.throwIfAny();
  return { source, value };
}

function plainValue(document: Document, problems: Problems): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    problems.add([], `This is not YAML as it should be: ${firstLine(messageOf(error))}`);
    return undefined;
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/[.:]?$/, '.');
}
