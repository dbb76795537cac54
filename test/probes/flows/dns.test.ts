import { expect } from 'chai';
import fc from 'fast-check';
import type { Outcome } from '../../../src/evidence/evidence.js';
import { addressesIn, parseQuery, query } from '../../../src/probes/flows/dns.js';
import { decodeAnswer, encodeQuestion } from '../../../src/probes/flows/dns-message.js';
import { attempt } from '../../../src/process.js';

/** Recorded with socat 1.8.0.3 and dnsmasq: google.com has the address 8.8.8.8. */
const ASKED = `< 2026/11/29 09:02:00.000220531  length=28 from=0 to=27
 41 01 01 00 00 01 00 00 00 00 00 00 06 67 6f 6f 67 6c 65 03 63 6f 6d 00 00 01 00 01
`;
const RECORDED = `${ASKED}> 2026/11/29 09:02:00.000231475  length=44 from=0 to=43
 41 01 85 80 00 01 00 01 00 00 00 00 06 67 6f 6f 67 6c 65 03 63 6f 6d 00 00 01 00 01 c0 0c 00 01 00 01 00 00 00 00 00 04 08 08 08 08
`;
const QUESTION = '06676f6f676c6503636f6d0000010001';
const FAILED = (words: string) =>
  `2026/11/29 09:00:19 socat[64] E ${words}\n2026/11/29 09:00:19 socat[65] W exiting on signal 15\n`;

/** What socat prints of an answer with these flags and records, as hexadecimal. */
function answered(flags: string, count = 0, records = ''): string {
  const hex = `4101${flags}0001000${count}00000000${QUESTION}${records}`;
  return `${ASKED}> 2026/11/29 09:02:00.000232531  length=1 from=0 to=0\n ${hex.match(/../g)!.join(' ')}\n`;
}

const ALIAS = 'c00c0005000100000005000603777777c00c';
const ADDRESS = 'c00c00010001000000050004 08080808'.replace(' ', '');
const SIX = 'c00c001c00010000000500102001486048600000000000000000 8888'.replace(' ', '');

function summary(outcome: Outcome): string {
  if (outcome.kind !== 'attempts') return outcome.kind;
  const { arrived, sent, failure, said, answers, roundTripMs } = outcome;
  const words = [
    failure,
    roundTripMs?.average,
    ...said.map((line) => `"${line}"`),
    answers.length > 0 && `→ ${answers.join(', ')}`,
  ];
  return [`${arrived}/${sent}`, ...words.filter(Boolean)].join(' ');
}

describe('a lookup', () => {
  const ROWS: readonly (readonly [string, printed: string, wantsAddress: boolean, expected: string])[] = [
    ['an address', RECORDED, true, '1/1 10.944 → 8.8.8.8'],
    ['an address behind an alias', answered('8180', 2, ALIAS + ADDRESS), true, '1/1 12 → 8.8.8.8'],
    ['an IPv6 address', answered('8180', 1, SIX), true, '1/1 12 → 2001:4860:4860::8888'],
    ['no such name', answered('8183'), true, '0/1 not-resolved "DNS answered NXDOMAIN"'],
    ['a name without an address', answered('8180'), true, '0/1 not-resolved "DNS answered NOERROR"'],
    ['a resolver that cannot resolve', answered('8182'), true, '0/1 not-resolved "DNS answered SERVFAIL"'],
    ['a server asked directly that refuses: it answers', answered('8185'), false, '1/1 12'],
    ['more than a datagram holds', answered('8380'), true, 'broken'],
    ['silence', ASKED, true, '0/1 timeout'],
    [
      'a closed port',
      ASKED + FAILED('read(6, 0x55c168d6b000, 8192): Connection refused'),
      true,
      '0/1 refused "socat: read: Connection refused"',
    ],
    [
      'a packet the host drops in IPvlan L3',
      ASKED + FAILED('write(6, 0x564b84497000, 28): No buffer space available'),
      true,
      '0/1 refused-locally "socat: write: No buffer space available"',
    ],
    [
      'a packet the host’s own filter drops',
      ASKED + FAILED('write(6, 0x55a804cf5000, 28): Operation not permitted'),
      false,
      '0/1 refused-locally "socat: write: Operation not permitted"',
    ],
    [
      'no route',
      FAILED('UDP4:99.1.1.1:53: Network is unreachable'),
      true,
      '0/1 no-route "socat: UDP4:99.1.1.1:53: Network is unreachable"',
    ],
    ['a port that is taken', FAILED('bind(6, {AF=2 10.9.0.1:20000}, 16): Address already in use'), true, 'broken'],
    ['a socat that never began', '', true, 'broken'],
  ];
  for (const [title, stderr, wantsAddress, expected] of ROWS) {
    it(`tells: ${title}`, () => {
      expect(summary(parseQuery({ stdout: '', stderr, exitCode: 0 }, wantsAddress))).to.equal(expected);
    });
  }

  it('reads the addresses alone where no more is wanted', () => {
    expect(addressesIn(answered('8180', 2, ALIAS + ADDRESS))).to.deep.equal(['8.8.8.8']);
    expect(addressesIn('sh: socat: not found')).to.deep.equal([]);
  });

  it('sends exactly the bytes of its question, for any name', async () => {
    const label = fc.stringMatching(/^[a-z0-9_*$;'"`|&<>()\\%-]{1,20}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(label, { minLength: 1, maxLength: 3 }), async (labels) => {
        const question = { name: labels.join('.'), type: 'A', id: 0x5c27 } as const;
        const expected = encodeQuestion(question);
        const command = query({ server: '$S', question, source: undefined });
        if (expected === undefined) return void expect(command).to.include('exit 126');
        // A socat that does what its last word says, as socat would.
        const socat = `socat() { export Q; for word; do :; done; sh -c "\${word#SYSTEM:}" </dev/null; }`;
        const { stdout } = await attempt('sh', [
          '-c',
          `${socat}\n${command.replace(/ socat /, '; socat ')} | od -An -v -tx1`,
        ]);
        expect(stdout.replaceAll(/\s/g, '')).to.equal(expected.toString('hex'));
      }),
      { numRuns: 20 },
    );
  });

  it('cannot be given a name that is none', () => {
    for (const name of ['', 'a..b', 'x'.repeat(64), `${'abcdefghi.'.repeat(30)}de`])
      expect(encodeQuestion({ name, type: 'A', id: 1 }), name).to.equal(undefined);
    expect(encodeQuestion({ name: '.', type: 'NS', id: 1 })).to.have.lengthOf(17);
  });

  it('reads any bytes to an end', () => {
    const answer = Buffer.from(/(?: [0-9a-f]{2}){44}/.exec(RECORDED)![0].replaceAll(' ', ''), 'hex');
    fc.assert(
      fc.property(fc.nat(43), fc.nat(255), fc.nat(44), (at, byte, length) => {
        const damaged = Buffer.from(answer);
        damaged[at] = byte;
        const read = decodeAnswer(damaged.subarray(0, length));
        expect(read === undefined || typeof read.status === 'string').to.equal(true);
      }),
    );
    expect(decodeAnswer(answer.subarray(0, 40))).to.equal(undefined);
  });
});
