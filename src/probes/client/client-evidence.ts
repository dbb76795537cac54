import { DoctorError, messageOf } from '../../errors.js';
import type { Failure, Outcome } from '../../evidence/evidence.js';
import type { Link, Neighbour, Route, Rule } from '../../evidence/facts.js';
import { bare, isAddress } from '../../ip.js';
import { bsdLinks, bsdNeighbours, bsdRoutes } from '../gateway/bsd-tables.js';
import { linksIn, neighboursIn, routesIn, rulesIn, standardRules } from '../gateway/ip-text.js';
import { headedParts, printedPart, type Sections } from '../gateway/sections.js';
import { parseLinks } from '../facts/links.js';
import { parseNeighbours } from '../facts/neighbours.js';
import { parseRoutes } from '../facts/routes.js';
import { parseRules } from '../facts/rules.js';
import { failureIn } from '../flows/flow-probe.js';
import { plainText } from '../printed-text.js';
import { CLIENT_FAMILIES, CLIENT_PINGS, type ClientFamily } from './client-command.js';
import { windowsLinks, windowsNeighbours, windowsRoutes } from './windows.js';

/** What a LAN client's text says of the client. */
export interface ClientEvidence {
  readonly family: ClientFamily;
  /** Its addresses on the network, without prefix length. */
  readonly addresses: readonly string[];
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  /** The container's address that it asked for. */
  readonly target: string;
  /** What it asked: pings of container and router, and a TCP port where one was named. */
  readonly asked: readonly ClientProbe[];
}

interface ClientProbe {
  readonly to: string;
  readonly over: { readonly protocol: 'icmp' } | { readonly protocol: 'tcp'; readonly port: number };
  readonly command: string;
  readonly outcome: Outcome;
}

/**
 * Reads what the command of `clientCommand` printed. Pure.
 *
 * @throws DoctorError `INPUT_INVALID` when the text is something else, ends too early, or its links or routes cannot be read
 */
export function parseClientEvidence(text: string): ClientEvidence {
  const sections = headedParts(plainText(text));
  const family = sections && familyIn(sections);
  if (!sections || !family) throw invalid('it has none of the headings that the command prints');
  if (sections.endsIn !== undefined) throw invalid(`the text ends too early, in the part "${sections.endsIn}"`);
  const part = (name: string) => printedPart(sections, name, name);
  try {
    const links = READERS[family].links(part);
    const [target = '', port] = part('target').split(' ');
    if (!isAddress(target)) throw new Error(`it asked for "${target}", which is no address`);
    return {
      ...{ family, links, target, rules: READERS[family].rules(part), routes: READERS[family].routes(part) },
      neighbours: READERS[family].neighbours(part),
      addresses: links
        .flatMap((link) => link.addresses.map(bare))
        .filter((address) => !/^(?:127\.|169\.254\.|::1$|fe80:)/i.test(address)),
      asked: [
        ping(target, part('ping-container')),
        ...routerPing(sections),
        ...(port ? tcp(target, Number(port), part('tcp')) : []),
      ],
    };
  } catch (error) {
    throw invalid(messageOf(error));
  }
}

function familyIn({ parts }: Sections): ClientFamily | undefined {
  if (!parts.has('target')) return undefined;
  if (parts.has('net-routes')) return 'windows';
  return parts.has('netstat') ? 'macos' : parts.has('links') ? 'linux' : undefined;
}

type Part = (name: string) => string;

interface Reader {
  readonly links: (part: Part) => readonly Link[];
  readonly routes: (part: Part) => readonly Route[];
  readonly rules: (part: Part) => readonly Rule[];
  readonly neighbours: (part: Part) => readonly Neighbour[];
}

const isJson = (text: string) => text.startsWith('[');

const READERS: Readonly<Record<ClientFamily, Reader>> = {
  linux: {
    links: (part) => (isJson(part('links')) ? parseLinks(part('links')) : linksIn(part('links'))),
    routes: (part) => (isJson(part('routes')) ? parseRoutes(part('routes'), 4) : routesIn(part('routes'), 4)),
    rules: (part) => (isJson(part('rules')) ? parseRules(part('rules'), 4) : rulesIn(part('rules'), 4)),
    neighbours: (part) =>
      isJson(part('neighbours')) ? parseNeighbours(part('neighbours')) : neighboursIn(part('neighbours')),
  },
  macos: {
    links: (part) => bsdLinks(part('ifconfig')),
    routes: (part) => bsdRoutes(part('netstat')),
    rules: () => standardRules(4),
    neighbours: (part) => bsdNeighbours(part('arp')),
  },
  windows: {
    links: (part) => windowsLinks(part('adapters'), part('addresses')),
    routes: (part) => windowsRoutes(part('net-routes')),
    rules: () => standardRules(4),
    neighbours: (part) => windowsNeighbours(part('net-neighbours')),
  },
};

/** The router is the client's own next hop, as the text names it. */
function routerPing({ parts }: Sections): readonly ClientProbe[] {
  const [, to = '', text = ''] = /^to (\S*)\n?([^]*)$/.exec(parts.get('ping-router') ?? '') ?? [];
  return isAddress(to) ? [ping(to, text)] : [];
}

/** What every ping prints of a reply is its TTL; that of Windows counts errors of routers as replies. */
function ping(to: string, text: string): ClientProbe {
  const replies = text.split('\n').filter((line) => /\bttl=\d+/i.test(line));
  const arrived = Math.min(replies.length, CLIENT_PINGS);
  const ttl = /\bttl=(\d+)/i.exec(replies[0] ?? '')?.[1];
  const failure = arrived === CLIENT_PINGS ? undefined : pingFailure(text);
  return {
    ...{ to, over: { protocol: 'icmp' }, command: `ping ${to}` },
    outcome: attempts({ sent: CLIENT_PINGS, arrived, ttl: ttl === undefined ? undefined : Number(ttl), failure }),
  };
}

function pingFailure(text: string): Failure {
  if (/network is unreachable|no route to host|General failure/i.test(text)) return 'no-route';
  return /host (?:is )?unreachable/i.test(text) ? 'host-unreachable' : 'timeout';
}

/** Errors as Windows' sockets name them in any language, by what other systems say. */
const WINDOWS_ERRORS: Readonly<Record<string, string>> = {
  ConnectionRefused: 'Connection refused',
  HostUnreachable: 'Host is unreachable',
  NetworkUnreachable: 'Network is unreachable',
};

/** Nothing where the client has no program that could connect. */
function tcp(to: string, port: number, text: string): readonly ClientProbe[] {
  if (!/^(?:not )?connected$/m.test(text) || /usage:|(?:invalid|unrecognized) option/i.test(text)) return [];
  const connected = /^connected$/m.test(text);
  const said = text.replaceAll(/\b\w+(?:Refused|Unreachable)\b/g, (word) => WINDOWS_ERRORS[word] ?? word);
  const [arrived, failure] = connected ? [1, undefined] : [0, failureIn(said)];
  return [
    {
      ...{ to, over: { protocol: 'tcp', port }, command: `connect to ${to}, port ${port}` },
      outcome: attempts({ sent: 1, arrived, ttl: undefined, failure }),
    },
  ];
}

function attempts(told: {
  readonly sent: number;
  readonly arrived: number;
  readonly ttl: number | undefined;
  readonly failure: Failure | undefined;
}): Outcome {
  return { kind: 'attempts', ...told, roundTripMs: undefined, said: [], answers: [] };
}

function invalid(why: string): DoctorError {
  return new DoctorError('INPUT_INVALID', `This is not a LAN client's evidence: ${why}.`, {
    hint: `Run "ipvlan-doctor diagnose CONTAINER_ADDRESS --print-client-command ${CLIENT_FAMILIES.join('|')}", paste what it prints on the client, and save what that prints.`,
  });
}
