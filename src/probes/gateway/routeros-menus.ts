import { itemsIn, type RouterOsItem } from './routeros-items.js';
import { heading, printedPart, type Sections } from './sections.js';

const list = (menu: string) => `${menu} print terse without-paging`;

/** What is read on RouterOS 6 and 7, each with the command that reads it; all of them only read. */
const READINGS = {
  system: '/system resource print without-paging',
  interface: list('/interface'),
  vlan: list('/interface vlan'),
  'bridge-port': list('/interface bridge port'),
  'interface-list': list('/interface list'),
  'interface-list-member': list('/interface list member'),
  'ip-address': list('/ip address'),
  'ipv6-address': list('/ipv6 address'),
  'ip-route': list('/ip route'),
  'ipv6-route': list('/ipv6 route'),
  'routing-rule': list('/routing rule'),
  'ip-route-rule': list('/ip route rule'),
  'ip-settings': '/ip settings print without-paging',
  'ipv6-settings': '/ipv6 settings print without-paging',
  'ip-arp': list('/ip arp'),
  'ip-ipsec-policy': list('/ip ipsec policy'),
  'ip-firewall-filter': list('/ip firewall filter'),
  'ip-firewall-nat': list('/ip firewall nat'),
  'ip-firewall-raw': list('/ip firewall raw'),
  'ip-firewall-mangle': list('/ip firewall mangle'),
  'ip-firewall-address-list': list('/ip firewall address-list'),
  'ipv6-firewall-filter': list('/ipv6 firewall filter'),
  'ipv6-firewall-address-list': list('/ipv6 firewall address-list'),
} as const;

type MenuName = keyof typeof READINGS;

/** The menus of a printed text. */
export interface Menus {
  /** @throws Error when the menu was not printed, or this version has none */
  readonly text: (name: MenuName) => string;
  /** The entries of a menu; throws as `text` does. */
  readonly items: (name: MenuName) => readonly RouterOsItem[];
  /** The entries of a menu that adds to another; none where it was not printed. */
  readonly others: (name: MenuName) => readonly RouterOsItem[];
}

/** Lines to paste in a terminal of RouterOS; they change nothing there. A version that lacks a menu says so and goes on. */
export const ROUTEROS_COMMAND = [
  ...Object.entries(READINGS).flatMap(([name, command]) => [`:put "${heading(name)}"`, command]),
  `:put "${heading('end')}"`,
].join('\n');

/** Headings by which its text is known. */
export const ROUTEROS_PARTS: readonly MenuName[] = ['ip-address', 'ip-route', 'ip-firewall-filter', 'ip-firewall-nat'];

/** Reads the menus under their headings. */
export function menusIn(sections: Sections): Menus {
  const text = (name: MenuName) => withoutEcho(printedPart(sections, name, READINGS[name]));
  const items = (name: MenuName) => itemsIn(text(name));
  const others = (name: MenuName) => {
    try {
      return items(name);
    } catch {
      return []; // A version without such a menu has nothing in it.
    }
  };
  return { text, items, others };
}

/** Neither disabled nor about what is not there. */
export function isActive({ flags }: RouterOsItem): boolean {
  return !/[XI]/.test(flags);
}

/** A terminal repeats what is typed, behind its prompt; a menu that this version lacks gives an error. */
function withoutEcho(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\[[^\]]*\] (?:\/\S* )?>|^Flags: |^Columns: |^#/.test(line));
  if (lines.some((line) => /^(?:bad command name|syntax error|expected|no such item)/.test(line)))
    throw new Error('this version of RouterOS does not have that menu');
  return lines.join('\n');
}
