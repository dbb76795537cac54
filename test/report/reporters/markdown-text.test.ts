import { expect } from 'chai';
import fc from 'fast-check';
import { plain } from '../../../src/printable.js';
import { md } from '../../../src/report/reporters/markdown-text.js';

/** What CommonMark shows: a backslash hides itself before ASCII punctuation and only there; entities are their characters. */
function shown(markdown: string): string {
  return markdown
    .replaceAll(/\\([!-/:-@[-`{-~])/g, (_, sign: string) => `&#${sign.charCodeAt(0)};`)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&amp;', '&');
}

const pieces = fc.constantFrom(
  ...[
    '8.8.8.8',
    '1. ',
    '2) ',
    '10.0.0.0/8',
    '-',
    '+',
    '#',
    '=',
    ' ',
    '\\',
    '*',
    '$x$',
    '`',
    '&',
    '<b>',
    '|',
    '@me',
    '[a](b)',
    '~~',
    '_',
    'x',
    '!',
  ],
);
const texts = fc.oneof(
  fc.string(),
  fc.array(pieces).map((all) => all.join('')),
);

describe('text in Markdown', () => {
  for (const [text, written] of [
    ['8.8.8.8', '8.8.8.8'],
    ['192.168.10.10 does not answer', '192.168.10.10 does not answer'],
    ['1. first', '1\\. first'],
    ['12) twelfth', '12\\) twelfth'],
    ['1.', '1\\.'],
    ['- no list', '\\- no list'],
    ['# no heading', '\\# no heading'],
    ['$(id) and $HOME', '&#36;(id) and &#36;HOME'],
    ['    no code', 'no code'],
  ] as const) {
    it(`is ${written} for ${JSON.stringify(text)}`, () => expect(md(text)).to.equal(written));
  }

  it('is shown as it was meant, with no backslash too many', () => {
    fc.assert(fc.property(texts, (text) => shown(md(text)) === plain(text).trim()));
  });

  it('begins no list, heading, quotation, rule or code', () => {
    fc.assert(fc.property(texts, (text) => !/^(?:[-+*#>=]|\d{1,9}[.)](?:\s|$)|\s|```|~~~)/.test(md(text))));
  });
});
