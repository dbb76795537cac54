import { isAddress } from '../../ip.js';
import type { Evidence } from '../evidence.js';
import { isUsualLink } from './links.js';
import { PARTS, type Kind } from './names.js';
import { PATTERNS, PLACES } from './text.js';

/** Words of data, of commands and of sentences, which replaced everywhere would spoil more than they hide. */
const EVERYDAY = new Set([
  ...PARTS,
  ...[
    'root',
    'admin',
    'localhost',
    'local',
    'main',
    'default',
    'router',
    'server',
    'client',
    'peer',
    'container',
    'bridge',
  ],
  ...['www', 'dns', 'mail', 'one', 'two', 'the', 'that', 'this', 'and', 'not', 'for', 'with', 'name', 'user', 'home'],
  ...['input', 'output', 'forward', 'ingress', 'egress', 'drop', 'accept', 'reject', 'all', 'any', 'none', 'unknown'],
  ...['check', 'comparison', 'attempts', 'broken', 'timeout', 'refused', 'rejected', 'ipvlan', 'macvlan', 'recorded'],
  ...[
    'synthetic',
    'request',
    'reply',
    'seen',
    'certain',
    'likely',
    'pass',
    'fail',
    'flaky',
    'skipped',
    'blocked',
    'link',
  ],
]);

/** Whether a word alone, outside the place it was found in, is taken for a name. */
export function isTelling(word: string): boolean {
  return word.length >= 3 && !EVERYDAY.has(word.toLowerCase()) && !/^\d+$/.test(word);
}

/** Whether a word in the place of a host's name was chosen by an administrator. */
export function isOwnHost(word: string): boolean {
  return !isAddress(word) && !PARTS.has(word) && word !== 'localhost' && !isUsualLink(word);
}

/**
 * Names that texts give away by their place, such as a user in the path of a home directory: they are names in every other
 * text too.
 */
export function* learnedNames(texts: Iterable<string>): Generator<readonly [Kind, string]> {
  for (const text of texts) {
    for (const [, , name = ''] of matches(text, PLACES.user)) if (isTelling(name)) yield ['user', name];
    for (const [, , name = ''] of matches(text, PLACES.ssid)) if (isTelling(name.trim())) yield ['ssid', name.trim()];
    for (const [, , host = ''] of matches(text, PLACES.host)) yield* hostNames(host);
    for (const [domain] of text.matchAll(PATTERNS.domain)) yield* hostNames(domain, false);
  }
}

/** A host's name, and its first label, by which its own site calls it. */
function* hostNames(host: string, whole = true): Generator<readonly [Kind, string]> {
  if (!isOwnHost(host)) return;
  const [label = ''] = host.split('.');
  if (whole && isTelling(host)) yield ['name', host];
  if (host.includes('.') && isTelling(label) && !/^(?:ns|mx|vpn|www)?\d*$/i.test(label)) yield ['name', label];
}

function* matches(text: string, patterns: readonly RegExp[]): Generator<RegExpExecArray> {
  for (const pattern of patterns) yield* text.matchAll(pattern);
}

/** Every different text in some data, keys included. */
export function textsIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string') found.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      found.add(key);
      textsIn(one, found);
    }
  return found;
}

/** Marks of packets in rules: numbers that must stay, although they look like addresses. */
export function marksIn(evidence: readonly Evidence[]): ReadonlySet<number> {
  const rules = evidence.flatMap(({ facts }) => Object.values(facts.rules ?? {}).flat());
  return new Set(rules.flatMap(({ mark }) => (mark?.split('/') ?? []).map(Number)));
}
