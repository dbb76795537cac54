import { DoctorError } from '../errors.js';
import type { Path, Position, Source } from './source.js';

interface Problem {
  readonly position: Position;
  readonly message: string;
}

/**
 * What is wrong with one scenario file, gathered so that the author sees all of it at once, and what is merely odd.
 */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #odd: Problem[] = [];

  /** @param expected causes the scenario says it is about */
  constructor(
    readonly source: Source,
    readonly expected: readonly string[] = [],
  ) {}

  /** Something impossible: the scenario is rejected. */
  add(path: Path, message: string, part: 'key' | 'value' = 'value'): void {
    this.addAt(this.source.locate(path, part), message);
  }

  addAt(position: Position, message: string): void {
    this.#found.push({ position, message });
  }

  /** Something that the engine or the kernel would reject: the scenario is rejected too, unless it is about exactly that. */
  addUnless(cause: string, path: Path, message: string): void {
    if (!this.expected.includes(cause)) this.add(path, message);
  }

  /** Something legal that will not do what it looks like. */
  warn(path: Path, message: string): void {
    this.#odd.push({ position: this.source.locate(path), message });
  }

  get warnings(): readonly string[] {
    return this.#lines(this.#odd);
  }

  /** @throws DoctorError SCENARIO_INVALID with one line per problem, in the order of the file */
  throwIfAny(): void {
    if (this.#found.length > 0) throw invalid(this.#lines(this.#found), this.source.hint);
  }

  #lines(problems: readonly Problem[]): readonly string[] {
    const sorted = [...problems].sort(
      (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
    );
    const lines = sorted.map(
      ({ position, message }) => `${this.source.file}:${position.line}:${position.column}: ${printable(message)}`,
    );
    return [...new Set(lines)];
  }
}

/** One problem is one line, and what a file quotes must not steer the reader's terminal. */
function printable(message: string): string {
  return message.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

const SCENARIO_HINT =
  'The format is described in scenarios/README.md; `ipvlan-doctor schema` prints it as JSON Schema for editors.';

/** The error for rejected scenario files: one problem per line. */
export function invalid(lines: readonly string[], hint = SCENARIO_HINT): DoctorError {
  return new DoctorError('SCENARIO_INVALID', lines.join('\n'), { hint });
}
