const [ESCAPE, BELL, BACK] = [27, 7, 8].map((code) => String.fromCharCode(code)) as [string, string, string];

/** What a terminal takes for colours, cursor moves and titles. */
const TERMINAL = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[()][A-Z0-9]|[=>78cDEHM])`,
  'g',
);
/** A pager's prompt, and what takes it off the screen again. */
const PAGER = new RegExp(`[ ${BACK}]*-- ?More ?--[ ${BACK}]*`, 'gi');

/** A file's text: UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it. */
export function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** What a terminal's log shows, line by line: without colours, pagers and carriage returns. */
export function plainText(text: string): string {
  return [TERMINAL, PAGER, new RegExp(`[\0${BELL}${BACK}]`, 'g')]
    .reduce((left, noise) => left.replaceAll(noise, ''), text)
    .replaceAll(/\r+\n/g, '\n')
    .replaceAll('\r', '\n');
}
