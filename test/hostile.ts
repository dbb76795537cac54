import { stripVTControlCharacters } from 'node:util';

const ESC = String.fromCharCode(27);

/** What steers a terminal, or cannot be seen: line breaks apart, nothing printed may hold any of it. */
export const UNSAFE = /(?!\n)\p{Cc}|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\ufe0f)\p{Default_Ignorable_Code_Point}/u;

/** A text with one of each kind of what is unsafe, and markup beside it. */
export const HOSTILE = [
  `${ESC}[2J${ESC}[8;31m`,
  `${ESC}]0;title${String.fromCharCode(7)}`,
  `${ESC}]8;;http://x${ESC}\\`,
  `${String.fromCharCode(0x9b)}31m`,
  ...[
    '\u202e',
    '\u2066',
    '\u200e',
    '\u061c',
    '\u200b',
    '\u200d',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u{e0041}',
    '\u3164',
    '\u2028',
  ],
  '\r\b<b>&"\'`|',
  ESC,
].join('x');

/** The first unsafe thing that is printed, with what stands around it; our own colours are not meant. */
export function unsafeIn(printed: string): string | undefined {
  const text = printed.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '');
  const at = UNSAFE.exec(text)?.index;
  return at === undefined ? undefined : JSON.stringify(stripVTControlCharacters(text.slice(Math.max(0, at - 60), at)));
}
