/** What stands before the name of each part of a printed text. */
const HEAD = '### ipvlan-doctor';
/** An empty packet filter prints nothing either, and that is worth knowing. */
export const FAILED = '-- not to be had';
/** The name of the heading that ends a text. */
const END = 'end';

/** Commands for a POSIX shell, on one line: each prints its heading, and says where it could not be run. */
export function shellLine(readings: Readonly<Record<string, string>>): string {
  const parts = Object.entries(readings).map(
    ([name, command]) => `echo "${heading(name)}"; { ${command}; } 2>/dev/null || echo "${FAILED}"; echo`,
  );
  return [...parts, `echo "${heading(END)}"`].join('; ');
}

/** The heading of a part. */
export function heading(name: string): string {
  return `${HEAD} ${name}`;
}

/** The parts of a text under their headings, and whether the text is whole. */
export interface Sections {
  readonly parts: ReadonlyMap<string, string>;
  /** The last part it has, where it ends before its end; `undefined` for a whole text. */
  readonly endsIn: string | undefined;
}

/** @returns `undefined` for a text without such headings. A line that only repeats the command is no heading. */
export function headedParts(text: string): Sections | undefined {
  const pieces = text.split(new RegExp(`^${HEAD} ([\\w-]+)[ \\t]*\\n?`, 'm'));
  if (pieces.length < 3) return undefined;
  const parts = new Map(
    pieces.flatMap((piece, at) => (at % 2 === 1 ? [[piece, (pieces[at + 1] ?? '').trim()] as const] : [])),
  );
  return { parts, endsIn: parts.has(END) ? undefined : [...parts.keys()].at(-1) };
}

/**
 * A part as it was printed.
 *
 * @throws Error naming the command, when it is not there or could not be run
 */
export function printedPart({ parts }: Sections, name: string, command: string): string {
  const text = parts.get(name);
  if (text === undefined) throw new Error(`the text has no output of "${command}"`);
  if (text.endsWith(FAILED)) throw new Error(`"${command}" could not be run there`);
  return text;
}
