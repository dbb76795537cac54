import { DoctorError } from '../../errors.js';
import { familyOf, isAddress, isSubnet } from '../../ip.js';
import { closest } from '../../suggest.js';
import type { Wish } from './wish.js';

/** How each change is written; the words in capitals are the user's. */
export const WHAT_IF_FORMS: readonly string[] = [
  'add route DEST via ADDRESS on NODE',
  'add route DEST dev LINK on NODE',
  'delete route DEST on NODE',
  'set sysctl NAME=VALUE on NODE',
  'allow PROTOCOL[/PORT] from A to B on NODE',
  'drop PROTOCOL[/PORT] from A to B on NODE',
  'masquerade SUBNET on NODE',
  'link LINK up|down|mtu BYTES on NODE',
  'add address ADDRESS/LENGTH dev LINK on NODE',
  'delete address ADDRESS/LENGTH dev LINK on NODE',
  'recreate network NAME mode MODE',
];

/**
 * Reads changes, with a semicolon between two: `add route 192.168.10.0/24 via 192.168.0.2 on gateway`.
 *
 * @throws DoctorError `USAGE` that names the word that was not understood, and how the change is written
 */
export function parseWhatIf(text: string): readonly Wish[] {
  const statements = text.split(';').map((one) => one.trim());
  return statements.filter(Boolean).map(statement);
}

const VERBS: Readonly<Record<string, (words: Words) => Wish>> = {
  add: addOrDelete,
  delete: addOrDelete,
  set: sysctl,
  allow: filter,
  drop: filter,
  masquerade,
  link,
  recreate,
};

/** The words of one change, taken one after the other. */
class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(readonly text: string) {
    this.#words = text.split(/\s+/);
  }

  /** The next word, which the form calls `what`. */
  next(what: string, test: (word: string) => boolean = () => true): string {
    const word = this.#words[this.#at++];
    if (word !== undefined && test(word)) return word;
    throw this.wrong(word === undefined ? `${what} is missing` : `"${word}" is no ${what}`);
  }

  /** The next word, which has to be one of these. */
  keyword<Word extends string>(...wanted: readonly Word[]): Word {
    const word = this.#words[this.#at++];
    const found = wanted.find((one) => one === word);
    if (found !== undefined) return found;
    const names = wanted.map((one) => `"${one}"`).join(' or ');
    throw this.wrong(word === undefined ? `${names} is missing` : `"${word}" stands where ${names} should be`);
  }

  /** The node at the end, with nothing after it. */
  node(): string {
    this.keyword('on');
    const name = this.next('NODE');
    this.end();
    return name;
  }

  end(): void {
    const word = this.#words[this.#at];
    if (word !== undefined) throw this.wrong(`"${word}" is one word too many`);
  }

  wrong(what: string): DoctorError {
    const [verb = ''] = this.#words;
    const forms = WHAT_IF_FORMS.filter((form) => form.split(' ')[0] === verb);
    return new DoctorError('USAGE', `--what-if "${this.text}": ${what}.`, {
      hint: `Write: ${(forms.length > 0 ? forms : WHAT_IF_FORMS).join('; ')}.`,
    });
  }
}

function statement(text: string): Wish {
  const words = new Words(text);
  const verb = words.next('change');
  const parse = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (parse) return parse(new Words(text));
  const meant = closest(verb, Object.keys(VERBS));
  throw words.wrong(
    `"${verb}" is no change${meant === undefined ? '' : `. Did you mean "${meant}"?`}`.replace(/\?$/, '?'),
  );
}

function addOrDelete(words: Words): Wish {
  const { text } = words;
  const action = words.keyword('add', 'delete');
  const what = words.keyword('route', 'address');
  if (what === 'address') {
    const address = words.next('ADDRESS/LENGTH', isSubnet);
    words.keyword('dev');
    const device = words.next('LINK');
    return { kind: 'address', text, action, address, device, node: words.node() };
  }
  const destination = words.next('DEST', (word) => word === 'default' || familyOf(word) !== undefined);
  const way = words.keyword('via', 'dev', 'on');
  if (way === 'on') {
    if (action === 'add') throw words.wrong('a route needs "via ADDRESS" or "dev LINK"');
    const node = words.next('NODE');
    words.end();
    return { kind: 'route', text, action, destination, node };
  }
  const to = way === 'via' ? { via: words.next('ADDRESS', isAddress) } : { device: words.next('LINK') };
  return { kind: 'route', text, action, destination, ...to, node: words.node() };
}

function sysctl(words: Words): Wish {
  const { text } = words;
  words.keyword('set');
  words.keyword('sysctl');
  const [name = '', value = ''] = words.next('NAME=VALUE', (word) => /^[\w./-]+=\S+$/.test(word)).split('=');
  return { kind: 'sysctl', text, name, value, node: words.node() };
}

function filter(words: Words): Wish {
  const { text } = words;
  const action = words.keyword('allow', 'drop');
  const service = words.next('PROTOCOL[/PORT]', (word) => /^(?:icmp|(?:tcp|udp)(?:\/\d{1,5})?)$/.test(word));
  const [protocol = '', port] = service.split('/');
  words.keyword('from');
  const from = words.next('A', isEnd);
  words.keyword('to');
  const to = words.next('B', isEnd);
  const ends = { from: anyAsNone(from), to: anyAsNone(to) };
  const asked = port === undefined ? undefined : Number(port);
  return { kind: 'filter', text, action, protocol, port: asked, ...ends, node: words.node() };
}

/** An address, a subnet, or `any`; names are looked up in what was seen. */
function isEnd(word: string): boolean {
  return word === 'any' || familyOf(word) !== undefined || /^[\w.-]+$/.test(word);
}

function anyAsNone(word: string): string | undefined {
  return word === 'any' ? undefined : word;
}

function masquerade(words: Words): Wish {
  const { text } = words;
  words.keyword('masquerade');
  return { kind: 'masquerade', text, subnet: words.next('SUBNET', isSubnet), node: words.node() };
}

function link(words: Words): Wish {
  const { text } = words;
  words.keyword('link');
  const device = words.next('LINK');
  const what = words.keyword('up', 'down', 'mtu');
  const set = what === 'mtu' ? { mtu: Number(words.next('BYTES', (word) => /^\d{2,5}$/.test(word))) } : { state: what };
  return { kind: 'link', text, device, set, node: words.node() };
}

function recreate(words: Words): Wish {
  const { text } = words;
  words.keyword('recreate');
  words.keyword('network');
  const network = words.next('NAME');
  words.keyword('mode');
  const mode = words.keyword('l2', 'l3', 'l3s', 'bridge', 'private', 'vepa', 'passthru');
  words.end();
  return { kind: 'network', text, network, mode };
}
