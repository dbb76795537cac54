/** One kind of thing that is found in text, and what it is replaced by. */
export interface Replacement {
  /** Global. */
  readonly pattern: RegExp;
  readonly by: (...groups: readonly string[]) => string;
}

/** Replaces by the first pattern, then the rest between its matches by the next: a replacement is final. */
export function replaceAll(text: string, [first, ...rest]: readonly Replacement[]): string {
  if (!first) return text;
  let replaced = '';
  let at = 0;
  for (const match of text.matchAll(first.pattern)) {
    replaced +=
      replaceAll(text.slice(at, match.index), rest) +
      first.by(...match.map((group: string | undefined) => group ?? ''));
    at = match.index + match[0].length;
  }
  return replaced + replaceAll(text.slice(at), rest);
}

/** Matches any of the names as a whole word, longest first; a sentence may end right after one. */
export function anyOf(names: Iterable<string>, suffix = ''): RegExp {
  const longest = [...names].sort((a, b) => b.length - a.length).map(escaped);
  return longest.length === 0
    ? /(?!)/g
    : new RegExp(`(?<![\\w-]|\\w\\.)(?:${longest.join('|')})${suffix}(?![\\w-]|\\.\\w)`, 'g');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}

/*
 * A pattern must not begin inside a run that it repeats, or its time grows with the square of the text: each repetition
 * is bounded, or begins behind a character that it cannot repeat.
 */
export const PATTERNS = {
  secret: [
    /(?<=\b(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|psk|private[-_]?key)["']?(?:\s{0,8}=\s{0,8}|:\s{0,8})["']?)[^\s"']+/gi,
    /(?<=--?(?:pass(?:word|wd)?|secret|token|api-?key|psk)\s)[^\s"'-][^\s"']*/gi,
    /(?<=\b(?:private|preshared)-key\s)[^\s"'-][^\s"']*/gi,
    /(?<=\b(?:bearer|basic)\s)[\w.~+/=-]{6,}/gi,
    /(?<=:\/\/)[^\s/@]{1,256}(?=@)/g,
    /\b(?:AKIA|ghp_|gho_|glpat-|xox[abp]-|eyJ)[\w.-]{8,}/g,
    /(?<![\w+/=-])(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+/-]{32,}={0,2}/g,
  ],
  /** Before and comment with its quotes; or a comment between slashes. */
  comment:
    /((?:\b(?:comment|prefix)\s+(?="(?!ipvlan-doctor))|--(?:comment|log-prefix|nflog-prefix)\s+(?!"?ipvlan-doctor)))("[^"]*"|\S+)|(\/\*[^*]{0,1024}\*\/)/g,
  user: /((?:--uid-owner|--gid-owner|\bskuid|\bskgid)\s+(?:!=\s+)?"?)([A-Za-z_][\w-]*)/g,
  /** A host's name with a domain, as far as it can be told from settings, files and versions. */
  domain:
    /(?<![\w.@-]|(?<!\/)\/)(?!(?:net|kernel|com\.docker|ipvlan-doctor)\.)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?!(?:conf|json|ya?ml|pcap|sh|so|ts|js|gz|txt|rc|err|out|service|socket|sock)\b)[a-z]{2,}(?![\w-]|\.\w)/gi,
  /** With any separator, with or without leading zeros; 7 bytes are a client id of DHCP, 20 an address of InfiniBand. */
  mac: /(?<![\w-]|[0-9a-f]:)(?:(?:[0-9a-f]{2}:){19}[0-9a-f]{2}|(?:[0-9a-f]{2}:){6}[0-9a-f]{2}|(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}|(?:[0-9a-f]{2}-){5,6}[0-9a-f]{2})(?![\w-]|:\w)|(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?!\w|\.\w)/gi,
  macInName: /(?<![0-9a-z])(?:en|wl|ww)x[0-9a-f]{12}(?![0-9a-z])/gi,
  ip6: /(?<![\w.]|[0-9a-f]:|::)(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?:\/\d{1,3})?(?![\w:])/gi,
  ip4: /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\d]|\.\d)/g,
  /** Four bytes with other separators, as in names that clouds give; three with a star for the last. */
  ip4Dashed: /(?<!\d|\d[-_])\d{1,3}([-_])\d{1,3}\1\d{1,3}\1\d{1,3}(?!\d|[-_]\d)/g,
  ip4Cut: /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){2})(\.[x*])(?!\w)/gi,
  uuid: /(?<![0-9a-z-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z-])/gi,
  /** Docker's ids, whole or shortened; addresses as plain hexadecimal numbers. */
  hex: /(?<![0-9a-z])(0x)?([0-9a-f]{8,64})(?![0-9a-z])/gi,
  /** The end of a network's id in the name of a link. */
  linkId: /(?<=^(?:br|di|dm)-)[0-9a-f]{12}$/g,
  jump: /(\b(?:jump|goto)\s+|-[jgAN]\s+)([^\s,;{}"]+)/g,
  set: /(@|--match-set\s+)([\w.-]+)/g,
  /** An interface by its place: in a rule, in a command, in the name of a setting. */
  device: /(\b(?:[io]ifname|[io]if)\s+(?:!=\s+)?"?|(?<![\w-])dev\s+)([^\s"{},;]+)/g,
  deviceFlag: /((?<![\w-])-[io]\s+(?:!\s+)?)([^\s"{},;]+)/g,
  /** What a rule has in quotes behind its comments are taken away; an element of a set. */
  deviceQuoted: /(")([^\s"]+)(?=")/g,
  deviceElement: /(^)([A-Za-z][\w.-]*[*]?)$/g,
  deviceSetting: /(\bnet\.ipv[46]\.(?:conf|neigh)\.)([^\s.]{1,40})(?=\.\w)/g,
} as const;

/** What is a name by its place in a sentence: the last group is the name. */
export const PLACES = {
  user: [
    /((?:\/|\\{1,2})(?:home|Users)(?:\/|\\{1,2}))([^\s/\\"':,;()]+)/g,
    /((?<![\w/~])~)([a-z_][\w-]*)(?=[/\s:])/gi,
    /()(?<![\w.+%-])([\w.+%-]+)(?=@[a-z0-9_])/gi,
  ],
  host: [
    /((?<=[\w.+%-])@)([a-z0-9_][\w-]*(?:\.[\w-]+)*)/gi,
    /(:\/\/)([a-z0-9_][\w-]*(?:\.[\w-]+)*)/gi,
    /(\b(?:hostname|host\s?name|host|node\s?name)["']?\s?[:=]\s?["']?|\b(?:unknown|resolve) host(?:name)?:? ["']?|\bbad address ["'])([a-z0-9_][\w-]*(?:\.[\w-]+)*)/gi,
    /(\b(?:ping|from|traceroute to|ping6|host|to) )([a-z0-9_][\w-]*(?:\.[\w-]+)*)(?= \((?:\d{1,3}\.|[0-9a-f]{0,4}:))/gi,
    /(\bLinux )([\w-]+)(?= \d+\.\d)/g,
    /((?<![^\s"'(]))([\w.-]+)(?=: (?:Name or service not known|Temporary failure in name|No address associated|nodename nor servname))/gi,
  ],
  ssid: [
    /(\be?ssid\b["']?\s{0,8}[:=]?\s{0,8}")([^"\n]{1,64})/gi,
    /(\be?ssid\b["']?\s{0,8}[:=]?\s{0,8}')([^'\n]{1,64})/gi,
    /(\be?ssid\b\s{0,8}[:=]?\s{0,8})([^\s"',;:=][^\r\n"',;]{0,63})/gi,
  ],
} as const;
