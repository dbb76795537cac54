import { subnetByWildcard, type CiscoBlock } from './cisco-config.js';

/** An entry of an access list. */
export interface AccessEntry {
  readonly action: 'permit' | 'deny';
  /** What it selects, in words of nftables. */
  readonly matches: readonly string[];
  /** Whether a part of it has no translation. */
  readonly unclear: boolean;
  readonly printed: string;
}

export type AccessLists = ReadonlyMap<string, readonly AccessEntry[]>;

/** The access lists of a running configuration, numbered and named. */
export function listsInConfig(blocks: readonly CiscoBlock[]): AccessLists {
  const lists = new Map<string, readonly AccessEntry[]>();
  const add = (name: string, entries: readonly AccessEntry[]) =>
    lists.set(name, [...(lists.get(name) ?? []), ...entries]);
  for (const { line, within } of blocks) {
    const [, kind, name] = /^ip access-list (standard|extended) (\S+)$/.exec(line) ?? [];
    if (name !== undefined)
      add(
        name,
        within.flatMap((one) => entryIn(one, kind === 'standard')),
      );
    const [, number = '', entry = ''] = /^access-list (\d+) (.*)$/.exec(line) ?? [];
    if (entry !== '') add(number, entryIn(entry, isStandard(Number(number))));
  }
  return lists;
}

/** `show access-lists`, where the configuration was not printed. */
export function listsShown(text: string): AccessLists {
  const pieces = text.split(/^(Standard|Extended) IP access list (\S+)$/m);
  const lists = new Map<string, readonly AccessEntry[]>();
  for (let at = 1; at + 2 < pieces.length; at += 3) {
    const entries = (pieces[at + 2] ?? '')
      .split('\n')
      .flatMap((line) => entryIn(line.trim(), pieces[at] === 'Standard'));
    lists.set(pieces[at + 1] ?? '', entries);
  }
  return lists;
}

function isStandard(number: number): boolean {
  return number < 100 || (number >= 1300 && number < 2000);
}

/** Words that narrow nothing. */
const NEUTRAL = /^(?:log|log-input)$/;

function entryIn(line: string, standard: boolean): readonly AccessEntry[] {
  const printed = line.replace(/\s*\(\d+ (?:match(?:es)?|estimated matches)\)/, '').replace(/^\d+ /, '');
  const [, action, rest = ''] = /^(permit|deny)\s+(.*)$/.exec(printed) ?? [];
  if (action !== 'permit' && action !== 'deny') return [];
  const words = rest.replace(/, wildcard bits/, '').split(/\s+/);
  const matched = standard ? standardMatches(words) : extendedMatches(words);
  const left = words.filter((word) => word !== '' && !NEUTRAL.test(word));
  return [
    {
      action,
      matches: matched.filter((one) => one !== UNCLEAR && one !== ''),
      unclear: left.length > 0 || matched.includes(UNCLEAR),
      printed,
    },
  ];
}

const UNCLEAR = 'unclear';

function standardMatches(words: string[]): readonly string[] {
  return [addressMatch('saddr', words)];
}

function extendedMatches(words: string[]): readonly string[] {
  const protocol = words.shift() ?? '';
  const source = addressMatch('saddr', words);
  const sourcePort = portMatch('sport', words);
  const destination = addressMatch('daddr', words);
  const port = portMatch('dport', words);
  return [
    protocolMatch(protocol),
    ...[source, sourcePort, destination, port],
    protocol === 'icmp' && words.length > 0 ? icmpMatch(words) : '',
  ];
}

function protocolMatch(protocol: string): string {
  if (protocol === 'ip') return '';
  return /^(?:tcp|udp|icmp|gre|esp|ahp|ospf|igmp|\d+)$/.test(protocol) ? `meta l4proto ${protocol}` : UNCLEAR;
}

/** `any`, `host 192.168.0.1`, `192.168.0.0 0.0.0.255`; in a standard list a bare address is a host. */
function addressMatch(word: 'saddr' | 'daddr', words: string[]): string {
  const first = words.shift() ?? '';
  if (first === 'any') return '';
  if (first === 'host') return `ip ${word} ${words.shift()}`;
  if (!/^[\d.]+$/.test(first)) {
    words.unshift(first);
    return UNCLEAR;
  }
  if (!/^[\d.]+$/.test(words[0] ?? '')) return `ip ${word} ${first}`;
  const subnet = subnetByWildcard(first, words.shift() ?? '');
  return subnet === undefined ? UNCLEAR : `ip ${word} ${subnet}`;
}

/** Names that IOS prints for ports. */
const PORTS: Readonly<Record<string, string>> = {
  ...{ ftp: '21', ssh: '22', '22': '22', telnet: '23', smtp: '25', domain: '53', bootps: '67', bootpc: '68' },
  ...{ www: '80', pop3: '110', ntp: '123', snmp: '161', isakmp: '500', syslog: '514', 'non500-isakmp': '4500' },
};

function portMatch(word: 'sport' | 'dport', words: string[]): string {
  const operator = words[0] ?? '';
  if (!/^(?:eq|neq|gt|lt|range)$/.test(operator)) return '';
  words.shift();
  const number = (name: string | undefined) => (/^\d+$/.test(name ?? '') ? name : PORTS[name ?? '']);
  const first = number(words.shift());
  const last = operator === 'range' ? number(words.shift()) : '';
  if (first === undefined || last === undefined) return UNCLEAR;
  switch (operator) {
    case 'neq':
      return `tcp ${word} != ${first}`;
    case 'gt':
      return `tcp ${word} ${Number(first) + 1}-65535`;
    case 'lt':
      return `tcp ${word} 0-${Number(first) - 1}`;
    default:
      return `tcp ${word} ${first}${last === '' ? '' : `-${last}`}`;
  }
}

function icmpMatch(words: string[]): string {
  const kind = { echo: 'echo-request', 'echo-reply': 'echo-reply' }[words[0] ?? ''];
  if (kind === undefined) return '';
  words.shift();
  return `icmp type ${kind}`;
}
