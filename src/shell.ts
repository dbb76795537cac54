import { plain } from './printable.js';

/** Quotes one word for a POSIX shell, so that no name from a scenario is ever read as syntax. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // Within double quotes these would stay syntax.
  return word.includes("'") && !/["$`\\!]/.test(word) ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line from an argument list. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/** A word that a command cannot hold. The message says which word, and why. */
export class UnsafeWord extends Error {
  override readonly name = 'UnsafeWord';

  /** @param why follows the word in the message */
  constructor(
    readonly word: string,
    why: string,
  ) {
    super(`${JSON.stringify(word)} ${why}`);
  }
}

/** What a command is made of, besides its own text: an untrusted word, or the result of a function of this file. */
export type Word = string | number | ShellCommand | Embedded;

type Part =
  | { readonly ours: string }
  | { readonly word: string }
  | { readonly placeholder: string }
  | { readonly embedded: Embedded };

/** Text for a POSIX shell in which every untrusted word is quoted. Only the functions of this file make one. */
export class ShellCommand {
  /** @internal */
  readonly parts: readonly Part[];
  // Nothing else has this field, so that the compiler takes no look-alike.
  readonly #made: boolean = true;

  private constructor(parts: readonly Part[]) {
    this.parts = parts;
  }

  /** @internal */
  static of(parts: readonly Part[]): ShellCommand {
    return new ShellCommand(parts);
  }

  /**
   * The command to paste.
   *
   * @throws UnsafeWord when a word in it holds a control character, could be read as an option, or as syntax of the language
   * it is embedded in
   */
  get text(): string {
    return this.parts.reduce((line, part) => line + partText(part, line), '').trimEnd();
  }

  /** What the reader has to fill in, such as `GATEWAY`; empty for a command that can be pasted as it is. */
  get placeholders(): readonly string[] {
    return [...new Set(this.parts.flatMap((part) => ('placeholder' in part ? [part.placeholder] : [])))];
  }

  /** Whether both say the same. Unlike {@link text} it never throws. */
  equals(other: ShellCommand): boolean {
    return this.#made && key(this) === key(other);
  }
}

/** Text in the language of a program, which the shell hands over as one word. Only {@link embedded} makes one. */
export class Embedded {
  readonly #text: string;
  readonly #unsafe: UnsafeWord | undefined;

  private constructor(text: string, unsafe: UnsafeWord | undefined) {
    this.#text = text;
    this.#unsafe = unsafe;
  }

  /** @internal */
  static of(texts: readonly string[], words: readonly (string | number | Embedded)[]): Embedded {
    let text = texts[0] ?? '';
    let unsafe: UnsafeWord | undefined;
    words.forEach((word, at) => {
      unsafe ??= word instanceof Embedded ? word.#unsafe : unsafeInside(String(word), text);
      text += `${word instanceof Embedded ? word.#text : word}${texts[at + 1] ?? ''}`;
    });
    return new Embedded(text, unsafe);
  }

  /** @throws UnsafeWord when a word in it could be read as syntax of the program's language */
  get text(): string {
    if (this.#unsafe) throw this.#unsafe;
    return this.#text;
  }

  /** @internal The text whether or not it is safe, to compare. */
  get key(): string {
    return this.#text;
  }
}

/**
 * A command with foreign words in it, each quoted for a POSIX shell: `` sh`ip link set dev ${device} up` ``. The text around
 * the words is ours and is not quoted; no word may be inside quotes of that text. What these functions made goes in as it
 * is, a list with blanks between; an empty list leaves no blank. A word that a program could read as an option needs a keyword
 * such as `dev` or an option that takes it before it, or has to be an {@link operands operand}.
 */
export function sh(texts: TemplateStringsArray, ...words: readonly (Word | readonly Word[])[]): ShellCommand {
  const parts = texts.flatMap((ours, at): readonly Part[] => {
    const word = words[at];
    return [{ ours }, ...(word === undefined ? [] : partsOf(word))];
  });
  return ShellCommand.of(parts);
}

/** Names after all options of a command, with `--` before them where one could be read as an option. */
export function operands(...names: readonly string[]): ShellCommand {
  return names.some((name) => name.startsWith('-')) ? sh`-- ${names}` : sh`${names}`;
}

/** Commands of which each is run only where the one before it succeeded. */
export function chain(commands: readonly ShellCommand[]): ShellCommand {
  return commands.reduce((before, one) => sh`${before} && ${one}`);
}

/** A word the reader has to fill in, such as `GATEWAY`. */
export function placeholder(name: string): ShellCommand {
  return ShellCommand.of([{ placeholder: name }]);
}

/**
 * Text in another program's language, as one word of a command: `` sh`nft ${embedded`add rule … oifname "${device}"`}` ``.
 * Outside of quotes a word holds only letters, digits and `_ . / @ % : -`; inside quotes also what neither ends them nor
 * means other characters.
 */
export function embedded(texts: TemplateStringsArray, ...words: readonly (string | number | Embedded)[]): Embedded {
  return Embedded.of(texts, words);
}

/** Texts in one language, with ours between them. */
export function embeddedList(all: readonly (string | Embedded)[], between: ' ' | ',' | ', '): Embedded {
  return Embedded.of(['', ...all.slice(1).map(() => between), ''].slice(0, all.length + 1), all);
}

function partsOf(word: Word | readonly Word[]): readonly Part[] {
  if (word instanceof ShellCommand) return word.parts;
  if (word instanceof Embedded) return [{ embedded: word }];
  if (typeof word === 'object') return word.flatMap((one, at) => [...(at > 0 ? [{ ours: ' ' }] : []), ...partsOf(one)]);
  return [{ word: String(word) }];
}

function key({ parts }: ShellCommand): string {
  return JSON.stringify(parts.map((part) => ('embedded' in part ? { embedded: part.embedded.key } : part)));
}

function partText(part: Part, before: string): string {
  if ('ours' in part) return /(^|\s)$/.test(before) ? part.ours.replace(/^ /, '') : part.ours;
  if ('placeholder' in part) return part.placeholder;
  return 'embedded' in part ? quote(visible(part.embedded.text)) : quote(argument(visible(part.word), before));
}

/** Control characters could end the line or steer the terminal; invisible ones show another command than is pasted. */
function visible(word: string): string {
  if (plain(word) !== word) throw new UnsafeWord(word, HIDDEN);
  return word;
}

const HIDDEN = 'holds a control character or an invisible one';

/** After these a program takes the next word as it is, even one that begins with a dash. */
const TAKES_ANY = /\s(--(\s.*)?|--?[a-zA-Z][\w-]*|dev|via|name|link|from|to|iif|oif|src|lookup|table)\s$/;

function argument(word: string, before: string): string {
  if (word.startsWith('-') && /(^|\s)$/.test(before) && !TAKES_ANY.test(before))
    throw new UnsafeWord(word, 'could be read as an option');
  return word;
}

function unsafeInside(word: string, before: string): UnsafeWord | undefined {
  if (plain(word) !== word) return new UnsafeWord(word, HIDDEN);
  const quoted = (before.match(/["']/g) ?? []).length % 2 === 1;
  const harmless = quoted ? /^[^"'\\`$*|[\]{}]*$/ : /^[\w./@%:][\w./@%:-]*$/;
  return harmless.test(word) ? undefined : new UnsafeWord(word, 'cannot be written in the language of that program');
}
