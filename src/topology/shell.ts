/** Quotes one word for a POSIX shell, so that no name from a scenario is ever read as syntax. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line from an argument list. */
export function commandLine(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}
