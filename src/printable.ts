/**
 * Foreign text on one line, made safe to show: escape sequences are left out, control characters become blanks, and what
 * is invisible or turns the direction of writing is shown as `[U+202E]`. The brackets mean nothing dangerous to a shell.
 */
export function plain(text: string): string {
  return text
    .replaceAll(SEQUENCES, '')
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(INVISIBLE, named);
}

/** Like {@link plain}, with its line breaks kept: for messages and commands that have several lines. */
export function plainLines(text: string): string {
  return text.split('\n').map(plain).join('\n');
}

/** Keys of a result whose text may have several lines. */
const SEVERAL_LINES: ReadonlySet<string> = new Set(['run', 'undo', 'message', 'hint']);

/** Untrusted data, with every text in it as {@link plain} makes it; commands and messages keep their lines. */
export function printable<Data>(data: Data): Data {
  return clean(data, '') as Data;
}

function clean(data: unknown, key: string): unknown {
  if (typeof data === 'string') return SEVERAL_LINES.has(key) ? plainLines(data) : plain(data);
  if (Array.isArray(data)) return data.map((item) => clean(item, key));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, clean(value, name)]));
}

/** JSON that means the same data, in which invisible characters are escaped, so that a terminal shows them. */
export function json(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`.replaceAll(UNSEEN_IN_JSON, (sign) =>
    [...Array(sign.length).keys()].map((at) => `\\u${hex(sign.charCodeAt(at)).toLowerCase()}`).join(''),
  );
}

/** An address that a page may link to; `undefined` for any other scheme, such as one that runs a script. */
export function webAddress(text: string): string | undefined {
  return /^https?:\/\/[^\s"'<>\\]+$/i.test(text) ? text : undefined;
}

const ESC = '\\u001b';
const STRING_ENDS = `(?:\\u0007|${ESC}\\\\|\\u009c)`;
/** Of a terminal: control sequences, strings such as a title (OSC, DCS, SOS, PM, APC) up to their end, and short escapes. */
const SEQUENCES = new RegExp(
  [
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `(?:${ESC}[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c]*${STRING_ENDS}`,
    `${ESC}[ -/]*[0-Z\\\\^-~]`,
  ].join('|'),
  'g',
);

/** Format characters, what fonts leave out, line separators, lone surrogates; but for a sign that makes the picture before it colourful. */
const UNSEEN = '[\\p{Cf}\\p{Default_Ignorable_Code_Point}\\p{Zl}\\p{Zp}\\p{Cs}]';
const INVISIBLE = new RegExp(`(?!(?<=\\p{Extended_Pictographic})\\ufe0f)${UNSEEN}`, 'gu');
const UNSEEN_IN_JSON = new RegExp(`${UNSEEN}|[\\u007f-\\u009f]`, 'gu');

function named(sign: string): string {
  return `[U+${hex(sign.codePointAt(0) ?? 0)}]`;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
