/** Quotes one word for a POSIX shell, so that no name from a scenario is ever read as syntax. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line from an argument list. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/**
 * A command with foreign words in it, each quoted for a POSIX shell: `` sh`ip link set ${device} up` ``. The text around the
 * words is ours and is not quoted. A word that a program could read as an option needs `--` before it, or a keyword
 * such as `dev`.
 *
 * @throws ControlCharacter when a word holds a control character: pasted, it could end the line or steer the terminal
 */
export function sh(text: TemplateStringsArray, ...words: readonly (string | number)[]): string {
  return text.slice(1).reduce((line, part, at) => `${line}${checked(words[at] ?? '')}${part}`, text[0] ?? '');
}

/** A name holds what no command may hold. */
export class ControlCharacter extends Error {
  override readonly name = 'ControlCharacter';

  constructor(word: string) {
    super(`${JSON.stringify(word)} holds a control character`);
  }
}

function checked(word: string | number): string {
  const text = String(word);
  if (/\p{Cc}/u.test(text)) throw new ControlCharacter(text);
  return quote(text);
}
