import type { Socket } from '../../evidence/facts.js';
import { bare } from '../../ip.js';
import { defineFactProbe, isConfigured, type Reading } from './fact-probe.js';

/**
 * Prints the sockets of a network namespace. Read by the shell itself, which starts no program. 0A is a listening TCP socket, 07 a UDP
 * socket without a far end.
 *
 * @param directory `/proc/net`, or that of a process in the namespace
 */
export function printSockets(directory: string): string {
  return `for t in tcp tcp6 udp udp6; do [ -r ${directory}/$t ] || continue; while read -r _ own _ state _; do case $t$state in tcp0A | tcp60A | udp07 | udp607) echo $t $own ;; esac; done <${directory}/$t; done`;
}

const READING: Reading = { name: 'sockets', command: printSockets('/proc/net'), when: 'during' };

export const sockets = defineFactProbe({
  id: 'sockets',
  title: 'Ports that are listened on, and on which addresses',
  establishes: 'sockets',
  readings: [READING],
  wanted: isConfigured,
  parse: (printed) => parseSockets(printed.by(READING)),
});

/** Lines like `tcp 0100007F:1F90`: table, address in the kernel's byte order, port. */
export function parseSockets(text: string): readonly Socket[] {
  return [...text.matchAll(/^(tcp|udp)6? ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/gm)].map(
    ([, protocol, address = '', port = '']) => ({
      protocol: protocol as Socket['protocol'],
      address: addressOf(address),
      port: Number.parseInt(port, 16),
    }),
  );
}

/** Words of 32 bits, each with its bytes turned round, as a little-endian machine prints them. */
function addressOf(hex: string): string {
  const bytes = [...hex.matchAll(/.{8}/g)].flatMap(([word]) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const mapped = /^0{20}F{4}(.{8})$/.exec(bytes.join(''))?.[1];
  if (mapped !== undefined) return (mapped.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
  return bare(bytes.join('').replaceAll(/.{4}(?!$)/g, '$&:'));
}
