/** An entry of a RouterOS menu. */
export interface RouterOsItem {
  /** Letters such as `X` for disabled, `D` for dynamic. */
  readonly flags: string;
  readonly values: Readonly<Record<string, string>>;
  /** The entry on one line, without its number, flags and comment. */
  readonly printed: string;
}

/** An entry begins with its number or its flags; dynamic routes have no number. */
const BEGINS = /^\s*(?:\d+\s|[A-Z*+][A-Za-z*+ ]*\s(?:;;;|[a-z][a-z0-9-]*=))/;
const KEY = /(?:^|\s)([a-z][a-z0-9-]*)=/g;

/**
 * The entries that `print terse` or `print detail` printed. A value goes on to the next key, because terse output quotes no
 * blanks; a line that begins no entry goes on with the one before it.
 */
export function itemsIn(text: string): readonly RouterOsItem[] {
  const blocks: string[] = [];
  for (const line of text.split('\n')) {
    if (BEGINS.test(line)) blocks.push(line);
    else if (/^\s+\S/.test(line) && blocks.length > 0) blocks.push(`${blocks.pop()}\n${line}`);
  }
  return blocks.map(itemIn).filter(({ printed }) => printed !== '');
}

function itemIn(block: string): RouterOsItem {
  const text = block
    .replace(/^\s*\d+/, '')
    .replaceAll(/;;;[^\n]*/g, '')
    .replaceAll(/\s*\n\s*/g, ' ');
  const keys = [...text.matchAll(KEY)];
  const first = keys[0]?.index ?? text.length;
  const values = keys.map((found, at): [string, string] => {
    const value = text.slice(found.index + found[0].length, keys[at + 1]?.index).trim();
    return [found[1] ?? '', value.replace(/^"(.*)"$/, '$1')];
  });
  const shown = values.filter(([key]) => key !== 'comment').map(([key, value]) => `${key}=${value}`);
  return {
    flags: text.slice(0, first).replaceAll(/[^A-Za-z]/g, ''),
    values: Object.fromEntries(values),
    printed: shown.join(' '),
  };
}

/** What `print` says of a menu that holds settings: `ip-forward: yes`. */
export function settingsIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^\s*([a-z][a-z0-9-]*): (.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
  );
}

/** A name of an interface as the model takes it: RouterOS allows blanks. */
export function routerOsName(name: string): string {
  return name.trim().replaceAll(/\s+/g, '_');
}
