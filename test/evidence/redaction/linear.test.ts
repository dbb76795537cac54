import { expect } from 'chai';
import { Redactor } from '../../../src/evidence/redaction/redact.js';

/** What runs are made of: every class of characters that a pattern could name, and beginnings that a pattern waits for. */
const ATOMS = [
  ...[' ', '\t', '\n', 'a', 'A', 'f', '0', '9', '_', '-', '.', ':', '/', '\\', '@', '=', '"', "'", '+', '*', '%', '~'],
  ...[
    'a.',
    'a-',
    '0.',
    '1:',
    'a:',
    'a b ',
    'a@',
    '@a',
    '://',
    '/*',
    '*/',
    'aB3',
    '00-',
    '0a ',
    '00:',
    '0x',
    'é',
    '{',
    '(',
  ],
  ...['password ', 'token', '--token ', '--comment ', 'comment "', 'skuid ', 'jump ', '-j ', '/home/', '\\Users\\'],
  ...[
    'ssid ',
    'PING ',
    'from a ',
    'dev ',
    'host: ',
    'net.ipv4.conf.',
    '--match-set ',
    'iifname ',
    'bearer ',
    'eyJ',
    'enx',
  ],
];

/** Milliseconds of processor time that a new redactor takes for so many characters of one kind. */
function timeOf(start: string, atom: string, length: number): number {
  const text = `${start}${atom.repeat(Math.ceil(length / atom.length))}`;
  const redactor = new Redactor(Buffer.from('key'), [], { values: text });
  const before = process.cpuUsage();
  redactor.text(text);
  redactor.value({ text });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('the time redaction takes', () => {
  for (const start of ['', 'password', 'ssid'])
    it(`grows with the length of a text and not with its square, behind ${JSON.stringify(start)}`, () => {
      const quadratic = ATOMS.filter((atom) => {
        const shortMs = Math.max(timeOf(start, atom, 2_000), 3);
        return timeOf(start, atom, 32_000) > 64 * shortMs;
      });
      expect(quadratic).to.deep.equal([]);
    }).timeout(60_000);
});
