/** What the README has a person type, and what it says they are told, piece by piece. */
export function transcript(readme: string): { readonly commands: string[]; readonly told: readonly string[] } {
  const [, block = ''] = /```console\n(\$ docker network create.*?)```/s.exec(readme) ?? [];
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
