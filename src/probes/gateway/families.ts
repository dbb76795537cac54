import type { RouterSoftware } from '../../evidence/facts.js';
import { DoctorError } from '../../errors.js';
import { didYouMean } from '../../suggest.js';
import { readCisco } from './cisco.js';
import { CISCO_COMMAND, ciscoParts } from './cisco-text.js';
import { FREEBSD_COMMAND, FREEBSD_PARTS, readFreebsd } from './freebsd.js';
import { LINUX_COMMAND, LINUX_COMMAND_BY_SUDO, LINUX_PARTS, readLinux } from './linux.js';
import type { RouterReading } from './router-facts.js';
import { readRouterOs } from './routeros.js';
import { ROUTEROS_COMMAND, ROUTEROS_PARTS } from './routeros-menus.js';
import type { Sections } from './sections.js';

/** Routers that print their configuration in one way. */
export interface RouterFamily {
  /** What the user calls it; the first is its own name. */
  readonly names: readonly [string, ...string[]];
  readonly title: string;
  /** What its owner pastes there. */
  readonly command: string;
  readonly software: RouterSoftware;
  /** What a text of its command may say that the router runs. */
  readonly says: readonly RouterSoftware[];
}

const LINUX: readonly RouterSoftware[] = ['linux', 'openwrt', 'unifi', 'edgeos', 'vyos'];
const FREEBSD: readonly RouterSoftware[] = ['freebsd', 'pfsense', 'opnsense'];

/** Every family, in the order help lists them. */
export const ROUTER_FAMILIES: readonly RouterFamily[] = [
  { names: ['linux'], title: 'Linux', command: LINUX_COMMAND, software: 'linux', says: LINUX },
  { names: ['openwrt'], title: 'OpenWrt', command: LINUX_COMMAND, software: 'openwrt', says: LINUX },
  { names: ['unifi', 'udm'], title: 'UniFi OS', command: LINUX_COMMAND, software: 'unifi', says: LINUX },
  {
    names: ['edgeos', 'edgerouter', 'usg'],
    title: 'EdgeOS',
    command: LINUX_COMMAND_BY_SUDO,
    software: 'edgeos',
    says: LINUX,
  },
  { names: ['vyos'], title: 'VyOS', command: LINUX_COMMAND_BY_SUDO, software: 'vyos', says: LINUX },
  {
    names: ['routeros', 'mikrotik'],
    title: 'MikroTik RouterOS',
    command: ROUTEROS_COMMAND,
    software: 'routeros',
    says: ['routeros'],
  },
  { names: ['pfsense'], title: 'pfSense', command: FREEBSD_COMMAND, software: 'pfsense', says: FREEBSD },
  { names: ['opnsense'], title: 'OPNsense', command: FREEBSD_COMMAND, software: 'opnsense', says: FREEBSD },
  { names: ['freebsd'], title: 'FreeBSD', command: FREEBSD_COMMAND, software: 'freebsd', says: FREEBSD },
  {
    names: ['cisco', 'cisco-ios', 'ios'],
    title: 'Cisco IOS',
    command: CISCO_COMMAND,
    software: 'cisco-ios',
    says: ['cisco-ios'],
  },
];

/** @throws DoctorError `USAGE` naming the families there are */
export function routerFamily(name: string): RouterFamily {
  const found = ROUTER_FAMILIES.find(({ names }) => names.includes(name.toLowerCase()));
  if (found) return found;
  const all = ROUTER_FAMILIES.map(({ names }) => names[0]);
  throw new DoctorError('USAGE', `There is no router family "${name}".${didYouMean(name, all)}`, {
    hint: `Families: ${all.join(', ')}. For any other Linux router, take "linux".`,
  });
}

/** A text of a router, and how it is read. */
export interface RouterText {
  readonly read: () => RouterReading;
  /** Where it ends before its end. */
  readonly endsIn: string | undefined;
}

const BY_HEADINGS: readonly {
  readonly parts: readonly string[];
  readonly read: (sections: Sections) => RouterReading;
}[] = [
  { parts: LINUX_PARTS, read: readLinux },
  { parts: ROUTEROS_PARTS, read: readRouterOs },
  { parts: FREEBSD_PARTS, read: readFreebsd },
];

/** @returns `undefined` for headings of none of the families */
export function byHeadings(sections: Sections): RouterText | undefined {
  const family = BY_HEADINGS.find(({ parts }) => parts.some((part) => sections.parts.has(part)));
  return family && { read: () => family.read(sections), endsIn: sections.endsIn };
}

/** Cisco IOS prints no headings. @returns `undefined` for any other text */
export function byShape(text: string): RouterText | undefined {
  const parts = ciscoParts(text);
  if (!parts) return undefined;
  const isCut = parts.config !== undefined && !parts.isWhole;
  return { read: () => readCisco(parts), endsIn: isCut ? 'show running-config' : undefined };
}

/** What else a text without headings may be the output of. */
const SHAPES: readonly (readonly [family: string, shape: RegExp])[] = [
  ['vyos', /^Codes: K - kernel/m],
  ['routeros', /^\[[^\]]+@[^\]]+\] .*>|^Flags: .*X - disabled|^\/(?:ip|interface)\b/im],
  ['pfsense', /^(?:pass|block) (?:drop |return )?(?:in|out)\b|^Internet:\s*$/m],
  ['linux', /^\d+: \S+: <|^table \w+ \w+ \{|^\*(?:filter|nat)$/m],
];

/** The family a text without headings looks like; `undefined` where it looks like none. */
export function likelyFamily(text: string): RouterFamily | undefined {
  const name = SHAPES.find(([, shape]) => shape.test(text))?.[0];
  return ROUTER_FAMILIES.find(({ names }) => names[0] === name);
}
