import type { Firewall, Link, Neighbour, Route, RouterSoftware, Rule } from '../../evidence/facts.js';
import { parseLegacy } from '../facts/iptables-save.js';
import { parseLinks } from '../facts/links.js';
import { parseNeighbours } from '../facts/neighbours.js';
import { parseRuleset, type Ruleset } from '../facts/nft-ruleset.js';
import { parseRoutes } from '../facts/routes.js';
import { parseRules } from '../facts/rules.js';
import { parseSysctls } from '../facts/sysctls.js';
import { linksIn, neighboursIn, routesIn, rulesIn, standardRules, withVlans } from './ip-text.js';
import { readFacts, type RouterReading } from './router-facts.js';
import { printedPart, shellLine, type Sections } from './sections.js';

/** Older versions of `ip`, and the one of busybox, print no JSON. */
const either = (what: string) => `ip -j ${what} || ip ${what}`;

/** What is read on a Linux router, each with the command that reads it; all of them only read. */
const READINGS = {
  system: 'cat /etc/os-release /etc/openwrt_release /etc/version /etc/board.info; uname -sr',
  links: 'ip -j -d addr show || ip -d addr show || ip addr show',
  vlans: 'cat /proc/net/vlan/config',
  routes: either('route show table all'),
  routes6: either('-6 route show table all'),
  rules: either('rule show'),
  rules6: either('-6 rule show'),
  uci: 'uci -q show network',
  neighbours: either('neigh show'),
  sysctls:
    "grep -sH '' /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding /proc/sys/net/ipv4/conf/*/rp_filter || true",
  nft: 'nft -a list ruleset',
  legacy:
    '{ iptables-legacy-save -c && ip6tables-legacy-save -c; } || { ! iptables -V | grep -q nf_tables && iptables-save -c && ip6tables-save -c; }',
} as const;

type Reading = keyof typeof READINGS;
type Read = (name: Reading) => string;

/** One line to paste on a Linux router as root; it changes nothing there. */
export const LINUX_COMMAND = shellLine(READINGS);

/** The same where a user has to become root first: EdgeOS, VyOS. */
export const LINUX_COMMAND_BY_SUDO = `sudo sh <<'END'\n${LINUX_COMMAND}\nEND`;

/** Headings by which a text of a Linux router is known, also those of older versions. */
export const LINUX_PARTS: readonly Reading[] = ['links', 'routes', 'nft', 'legacy'];

/** Reads what {@link LINUX_COMMAND} printed. */
export function readLinux(sections: Sections): RouterReading {
  const read: Read = (name) => printedPart(sections, name, READINGS[name]);
  return {
    software: softwareIn(sections.parts.get('system') ?? ''),
    ...readFacts({
      links: () => links(read),
      routes: () => [...routes(read('routes'), 4), ...routes(orNothing(read, 'routes6'), 6)],
      rules: () => rules(read),
      neighbours: () => neighbours(read('neighbours')),
      sysctls: () => parseSysctls(read('sysctls')),
      firewall: () => firewall(read),
    }),
  };
}

function softwareIn(system: string): RouterSoftware {
  if (/openwrt/i.test(system)) return 'openwrt';
  if (/vyos/i.test(system)) return 'vyos';
  if (/edgeos|edgerouter|^EdgeMAX|\bUSG\b/im.test(system)) return 'edgeos';
  return /unifi|ubnt|\bUDM\b|\bUCG\b/i.test(system) ? 'unifi' : 'linux';
}

function links(read: Read): readonly Link[] {
  const text = read('links');
  if (isJson(text)) return parseLinks(text);
  const found = linksIn(text);
  if (found.length === 0) throw new Error(`"${READINGS.links}" printed no link`);
  return withVlans(found, orNothing(read, 'vlans'));
}

function routes(text: string, family: 4 | 6): readonly Route[] {
  return isJson(text) ? parseRoutes(text, family) : routesIn(text, family);
}

/** Without the program, OpenWrt's own settings say whether there are other rules than those every Linux has. */
function rules(read: Read): readonly Rule[] {
  const text = attemptTo(() => read('rules'));
  if (text === undefined) {
    const settings = attemptTo(() => read('uci'));
    if (settings === undefined || /=rule6?$/m.test(settings)) read('rules');
    return [...standardRules(4), ...standardRules(6)];
  }
  return [...rulesOf(text, 4), ...rulesOf(orNothing(read, 'rules6'), 6)];
}

function rulesOf(text: string, family: 4 | 6): readonly Rule[] {
  return isJson(text) ? parseRules(text, family) : rulesIn(text, family);
}

function neighbours(text: string): readonly Neighbour[] {
  return isJson(text) ? parseNeighbours(text) : neighboursIn(text);
}

/** What its counters counted before anything was asked says nothing: they are left out. */
function firewall(read: Read): Firewall {
  const nft = attemptTo(() => parseRuleset(read('nft')));
  const legacy = attemptTo(() => parseLegacy(read('legacy')));
  const some = [nft, legacy].filter((one): one is Ruleset => one !== undefined);
  if (some.length === 0) throw new Error('neither nft nor iptables printed anything there');
  return {
    readable: [
      ...(nft ? (['nftables', 'iptables-nft'] as const) : []),
      ...(legacy ? (['iptables-legacy'] as const) : []),
    ],
    chains: some.flatMap(({ chains }) => chains.map((chain) => ({ ...chain, policyPackets: undefined }))),
    rules: some.flatMap(({ rules: own }) => own.map((rule) => ({ ...rule, packets: undefined }))),
    ...(nft?.sets ? { sets: nft.sets } : {}),
  };
}

function isJson(text: string): boolean {
  return text === '' || text.startsWith('[');
}

function attemptTo<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined; // Another part says it, or the caller asks again for the reason.
  }
}

function orNothing(read: Read, name: Reading): string {
  return attemptTo(() => read(name)) ?? '';
}
