/** What one command left: its output streams and how it ended. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The file in which a node notes how its commands ended: a name and an exit code on each line. */
export const EXITS = 'exits';

/** Exit code of a command that never ended, or never began; no program ends with it. */
const NEVER_ENDED = -1;

/** The files a look brought back, by node and name. */
export class Outputs {
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #exitCodes = new Map<number, ReadonlyMap<string, number>>();

  constructor(files: ReadonlyMap<string, Buffer>) {
    this.#files = files;
  }

  /** A command that did not end has a negative exit code, and why as its error output. */
  get(node: number, name: string): Output {
    const text = (suffix: string) => this.#files.get(`${node}/${name}.${suffix}`)?.toString();
    const exitCode = this.#exitCodesOf(node).get(name);
    if (exitCode === undefined) {
      const stderr = this.whyNot(node) ?? 'it did not end in time';
      return { stdout: '', stderr, exitCode: NEVER_ENDED };
    }
    return { stdout: text('out') ?? '', stderr: text('err') ?? '', exitCode };
  }

  /** One file of a node's tells how each of its commands ended: thousands of files take a while. */
  #exitCodesOf(node: number): ReadonlyMap<string, number> {
    const known = this.#exitCodes.get(node);
    if (known) return known;
    const lines = (this.file(node, EXITS)?.toString() ?? '').split('\n').filter(Boolean);
    const read = new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
    this.#exitCodes.set(node, read);
    return read;
  }

  file(node: number, name: string): Buffer | undefined {
    return this.#files.get(`${node}/${name}`);
  }

  /** Why nothing could be run on a node, in the words of what should have entered it. */
  whyNot(node: number): string | undefined {
    return this.#files.get(`${node}/node.err`)?.toString().trim() || undefined;
  }
}
