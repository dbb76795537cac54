import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** A place in a scenario: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A parsed file that keeps the position of every value. */
export interface Source {
  /** As it was named by the user. */
  readonly file: string;
  /** What a reader of its problems can do; absent for scenarios. */
  readonly hint?: string;
  /** Where the value at a path begins, or its key; the nearest thing around it when it is not there. */
  locate(path: Path, part?: 'key' | 'value'): Position;
}

/** A {@link Source} over a YAML document. */
export function yamlSource(file: string, document: Document, lines: LineCounter): Source {
  return {
    file,
    locate(path, part = 'value') {
      const { line, col } = lines.linePos(offsetOf(document, path, part));
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
}

function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  let node = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const next = child(isAlias(node) ? node.resolve(document) : node, step);
    if (!next) return offset;
    const wanted = part === 'key' && index === path.length - 1 ? next.key : next.value;
    offset = (wanted ?? next.key)?.range?.[0] ?? offset;
    node = next.value;
  }
  return offset;
}

interface Child {
  readonly key: Node | null;
  readonly value: Node | null;
}

function child(node: Node | null | undefined, step: string | number): Child | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)] as Node | undefined;
    return value && { key: value, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair && { key: pair.key as Node, value: pair.value as Node | null };
}
