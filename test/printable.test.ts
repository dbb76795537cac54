import { expect } from 'chai';
import fc from 'fast-check';
import { json, plain, plainLines, printable, webAddress } from '../src/printable.js';
import { UNSAFE } from './hostile.js';

const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);
const C1_CSI = String.fromCharCode(0x9b);
const STRING_END = `${ESC}\\`;

describe('foreign text on one line', () => {
  for (const [what, text, shown] of [
    ['a colour', `${ESC}[31mred${ESC}[0m`, 'red'],
    ['a colour in one byte', `${C1_CSI}31mred`, 'red'],
    ['a title that ends in BEL', `a${ESC}]0;title${BEL}b`, 'ab'],
    ['a link that ends in ST', `a${ESC}]8;;http://x${STRING_END}b`, 'ab'],
    ['a title without an end', `a${ESC}]0;title`, 'a ]0;title'],
    ['a device control string', `a${ESC}P1$r0m${STRING_END}b`, 'ab'],
    ['a reset', `a${ESC}cb`, 'ab'],
    ['a choice of characters', `a${ESC}(0b`, 'ab'],
    ['a lone escape at the end', `a${ESC}`, 'a '],
    ['a sequence within a sequence', `${ESC}${ESC}[0m[2Jb`, ' [2Jb'],
    ['a line break, a return and a backspace', 'a\nb\rc\bd', 'a b c d'],
    ['a turn of direction', 'a\u202eb\u202c', 'a[U+202E]b[U+202C]'],
    ['isolates and marks', '\u2066a\u2069\u200e\u061c', '[U+2066]a[U+2069][U+200E][U+061C]'],
    ['characters without width', 'a\u200bb\u200dc\u2060d\ufeffe', 'a[U+200B]b[U+200D]c[U+2060]d[U+FEFF]e'],
    ['a soft hyphen', 'a\u00adb', 'a[U+00AD]b'],
    ['tags', 'a\u{e0041}', 'a[U+E0041]'],
    ['fillers that no font shows', 'a\u3164\u034f', 'a[U+3164][U+034F]'],
    ['a line separator', 'a\u2028b', 'a[U+2028]b'],
    ['half a character', 'a\ud800b', 'a[U+D800]b'],
    ['a picture in colour', '⚠\ufe0f', '⚠\ufe0f'],
    ['other scripts and signs', 'réseau 网络 שלום ✔ 👍', 'réseau 网络 שלום ✔ 👍'],
  ] as const) {
    it(`shows ${what} as ${JSON.stringify(shown)}`, () => expect(plain(text)).to.equal(shown));
  }

  it('holds nothing that steers a terminal or cannot be seen, for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !UNSAFE.test(plain(text)) && !plain(text).includes('\n')),
    );
  });

  it('takes time in proportion to its length', () => {
    for (const part of [`${ESC}]`, `${ESC}P`, `${ESC}[`, `${ESC}[0 `]) plain(part.repeat(200_000));
  }).timeout(2000);
});

describe('foreign data', () => {
  it('keeps the lines of commands and messages, and of nothing else', () => {
    const data = {
      id: 'a\nb',
      said: ['c\nd'],
      run: 'e\nf',
      error: { message: `g\n${ESC}[2Jh`, hint: 'i\nj' },
      at: 1,
      none: undefined,
    };
    const shown = {
      id: 'a b',
      said: ['c d'],
      run: 'e\nf',
      error: { message: 'g\nh', hint: 'i\nj' },
      at: 1,
      none: undefined,
    };
    expect(printable(data)).to.deep.equal(shown);
    expect(plainLines('a\nb\u202e')).to.equal('a\nb[U+202E]');
  });

  it('is JSON that means the same and shows nothing invisible', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = json({ text });
        expect(JSON.parse(written)).to.deep.equal({ text });
        return !UNSAFE.test(written);
      }),
    );
  });
});

describe('an address to link to', () => {
  it('is of the web', () =>
    expect(webAddress('https://docs.docker.com/a?b=c#d')).to.equal('https://docs.docker.com/a?b=c#d'));

  for (const text of [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil',
    'http:x',
    'https://a" onclick="x',
    'https://a b',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => expect(webAddress(text)).to.equal(undefined));
  }
});
