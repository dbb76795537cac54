import type { RouterSoftware } from '../../evidence/facts.js';
import { isAddress, isSubnet } from '../../ip.js';
import { bsdGroups, bsdLinks, bsdNeighbours, bsdRoutes } from './bsd-tables.js';
import { standardRules } from './ip-text.js';
import { pfFirewall } from './pf-filter.js';
import { readFacts, type RouterReading } from './router-facts.js';
import { printedPart, shellLine, type Sections } from './sections.js';

/** A table with more addresses than these is not read as a whole: rules with it are then unclear. */
const MOST_ADDRESSES = 500;

/** What is read on FreeBSD, pfSense and OPNsense, each with the command that reads it; all of them only read. */
const READINGS = {
  system: 'uname -sr; cat /etc/platform; opnsense-version; true',
  ifconfig: 'ifconfig',
  netstat: 'netstat -rnW -f inet; netstat -rnW -f inet6',
  arp: 'arp -an; ndp -an',
  sysctl: 'sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding',
  'pf-status': 'pfctl -s info | head -n 1',
  'pf-rules': 'pfctl -a "*" -sr',
  'pf-nat': 'pfctl -a "*" -sn',
  'pf-tables': `for t in $(pfctl -s Tables); do echo "table $t"; pfctl -t "$t" -T show | head -n ${MOST_ADDRESSES + 1}; done`,
} as const;

type Reading = keyof typeof READINGS;

/** One line to paste as root; it changes nothing there. The login shell there may be another than `sh`. */
export const FREEBSD_COMMAND = `sh -c '${shellLine(READINGS)}'`;

/** Headings by which its text is known. */
export const FREEBSD_PARTS: readonly Reading[] = ['ifconfig', 'netstat', 'pf-rules'];

/** Reads what {@link FREEBSD_COMMAND} printed. */
export function readFreebsd(sections: Sections): RouterReading {
  const read = (name: Reading) => printedPart(sections, name, READINGS[name]);
  return {
    software: softwareIn(sections.parts.get('system') ?? ''),
    ...readFacts({
      links: () => atLeastOne(bsdLinks(read('ifconfig')), '"ifconfig" printed no interface'),
      routes: () => atLeastOne(bsdRoutes(read('netstat')), '"netstat -rn" printed no route'),
      // One table for all: pf itself may choose another next hop, which shows as an unclear rule.
      rules: () => [...standardRules(4), ...standardRules(6)],
      neighbours: () => bsdNeighbours(read('arp')),
      sysctls: () => sysctls(read('sysctl')),
      firewall: () => firewall(read),
    }),
  };
}

function softwareIn(system: string): RouterSoftware {
  if (/opnsense/i.test(system)) return 'opnsense';
  return /pfsense/i.test(system) ? 'pfsense' : 'freebsd';
}

function atLeastOne<One>(all: readonly One[], otherwise: string): readonly One[] {
  if (all.length === 0) throw new Error(otherwise);
  return all;
}

/** As Linux names them. FreeBSD filters no reverse paths but by pf. */
function sysctls(text: string): Readonly<Record<string, string>> {
  const value = (name: string) => new RegExp(`^${name.replaceAll('.', '\\.')}[:=] *(\\d+)`, 'm').exec(text)?.[1];
  const [four, six] = [value('net.inet.ip.forwarding'), value('net.inet6.ip6.forwarding')];
  if (four === undefined) throw new Error('"sysctl" does not say net.inet.ip.forwarding');
  return { 'net.ipv4.ip_forward': four, ...(six === undefined ? {} : { 'net.ipv6.conf.all.forwarding': six }) };
}

function firewall(read: (name: Reading) => string) {
  if (/Status: Disabled/.test(read('pf-status'))) return { readable: ['pf' as const], chains: [], rules: [] };
  const ifconfig = read('ifconfig');
  return pfFirewall(
    { rules: read('pf-rules'), nat: read('pf-nat'), tables: tablesIn(read('pf-tables')) },
    { links: bsdLinks(ifconfig), groups: bsdGroups(ifconfig) },
  );
}

/** `table NAME` before what each holds; one that is too long is left out. */
function tablesIn(text: string): ReadonlyMap<string, readonly string[]> {
  const pieces = text.split(/^table (\S+)$/m);
  return new Map(
    pieces.flatMap((piece, at): readonly (readonly [string, readonly string[]])[] => {
      if (at % 2 === 0) return [];
      const elements = (pieces[at + 1] ?? '')
        .split('\n')
        .map((line) => line.trim())
        .filter(isElement);
      return elements.length > MOST_ADDRESSES ? [] : [[piece, elements]];
    }),
  );
}

function isElement(word: string): boolean {
  const plain = word.replace(/^!/, '');
  return isAddress(plain) || isSubnet(plain);
}
