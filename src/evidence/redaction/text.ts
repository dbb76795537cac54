/** One kind of thing that is found in text, and what it is replaced by. */
export interface Replacement {
  /** Global. */
  readonly pattern: RegExp;
  readonly by: (...groups: readonly string[]) => string;
}

/** Replaces by the first pattern, then the rest between its matches by the next: what stands for something is final. */
export function replaceAll(text: string, [first, ...rest]: readonly Replacement[]): string {
  if (!first) return text;
  let replaced = '';
  let at = 0;
  for (const match of text.matchAll(first.pattern)) {
    replaced += replaceAll(text.slice(at, match.index), rest) + first.by(...match.map((group) => group ?? ''));
    at = match.index + match[0].length;
  }
  return replaced + replaceAll(text.slice(at), rest);
}

/** Matches any of the names as a whole word, longest first; a sentence may end right after one. */
export function anyOf(names: Iterable<string>): RegExp {
  const longest = [...names].sort((a, b) => b.length - a.length).map(escaped);
  return longest.length === 0
    ? /(?!)/g
    : new RegExp(`(?<![\\w-]|\\w\\.)(?:${longest.join('|')})(?![\\w-]|\\.\\w)`, 'g');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}

export const PATTERNS = {
  secret: [
    /(?<=\b(?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|psk|private[-_]?key)["']?(?:=|:\s*|\s+(?==))["']?)[^\s"']+/gi,
    /(?<=--?(?:pass(?:word|wd)?|secret|token|api-?key|psk)\s)[^\s"'-][^\s"']*/gi,
    /(?<=\b(?:bearer|basic)\s)[\w.~+/=-]{6,}/gi,
    /(?<=:\/\/)[^\s/@]+(?=@)/g,
    /\b(?:AKIA|ghp_|gho_|glpat-|xox[abp]-|eyJ)[\w.-]{8,}/g,
    /(?<![\w+/=-])(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+/-]{32,}={0,2}/g,
  ],
  /** Before and comment with its quotes; or a comment between slashes. */
  comment:
    /((?:\b(?:comment|prefix)\s+(?="(?!ipvlan-doctor))|--(?:comment|log-prefix|nflog-prefix)\s+(?!"?ipvlan-doctor)))("[^"]*"|\S+)|(\/\*.*?\*\/)/g,
  user: /((?:--uid-owner|--gid-owner|\bskuid|\bskgid)\s+(?:!=\s+)?"?)([A-Za-z_][\w-]*)/g,
  /** A host's name with a domain, as far as it can be told from settings, files and versions. */
  domain:
    /(?<![\w.@/-])(?!(?:net|kernel|com\.docker|ipvlan-doctor)\.)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?!(?:conf|json|ya?ml|pcap|sh|so|ts|js|gz|txt|rc|err|out|service|socket|sock)\b)[a-z]{2,}(?![\w-]|\.\w)/gi,
  mac: /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi,
  ip6: /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?:\/\d{1,3})?(?![\w:])/gi,
  ip4: /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\d]|\.\d)/g,
  /** Docker's ids, whole or shortened. */
  id: /(?<![0-9a-z])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,64}(?![0-9a-z])/g,
  jump: /(\b(?:jump|goto)\s+|-[jgAN]\s+)(\S+)/g,
  set: /(@)([\w.-]+)/g,
} as const;
