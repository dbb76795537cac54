/**
 * What the README has a person type, and what it says they are told, piece by piece.
 *
 * @param begins with what the first command begins
 */
export function transcript(
  readme: string,
  begins: string,
): { readonly commands: string[]; readonly told: readonly string[] } {
  const blocks = readme.split('```console\n').map((text) => text.split('```')[0] ?? '');
  const block = blocks.find((text) => text.startsWith(`$ ${begins}`)) ?? '';
  const lines = block.split('\n');
  const told = lines.filter((line) => !line.startsWith('$ ')).join('\n');
  return {
    commands: lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])),
    told: told.split('[…]').map(inOneLine),
  };
}

/** Lines are broken by the width of a terminal: that is no difference. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
