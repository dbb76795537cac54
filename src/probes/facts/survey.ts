import { DoctorError } from '../../errors.js';
import type { Executed, Shell } from '../../engine/engine.js';
import type { Link, Route, Socket } from '../../evidence/facts.js';
import { isAddress } from '../../ip.js';
import type { LiveNode } from '../../topology/node.js';
import { commandLine } from '../../shell.js';
import { addressesIn, query } from '../flows/dns.js';
import { findResolver, firstServerIn, RESOLVER } from '../flows/flow-probes.js';
import {
  HOST_RESOLV_CONF,
  parseResolvConf,
  printResolvConf,
  SYSTEMD_RESOLV_CONF,
  type ResolvConf,
} from './dns-servers.js';
import { parseLinks } from './links.js';
import { parseRoutes } from './routes.js';
import { parseSockets, printSockets } from './sockets.js';

/** What must be known about an existing host before probes can be chosen. */
export interface Survey {
  /** The host's links and its routes, both families. */
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  /** Links of the nodes asked for, by name; a node that cannot be entered is absent. */
  readonly inside: Readonly<Record<string, readonly Link[]>>;
  /** What the nodes asked for listen on, by name; a node that cannot be entered is absent. */
  readonly sockets: Readonly<Record<string, readonly Socket[]>>;
  /** What names resolve to, as the host or one of the nodes sees it; a name that does not resolve is absent. */
  readonly resolved: Readonly<Record<string, readonly string[]>>;
  /** What the nodes asked for, the host and systemd-resolved on it have as name servers. Absent where nothing could be read. */
  readonly resolvConf?: {
    readonly inside: Readonly<Record<string, ResolvConf>>;
    readonly host: ResolvConf;
    readonly systemd: ResolvConf;
  };
}

interface Asked {
  /** Nodes to look into besides the host. */
  readonly nodes: readonly LiveNode[];
  readonly names: readonly string[];
}

/** A name that takes longer to look up is left to the probes, so that a dead resolver costs no more, in seconds. */
const LOOKUP_SECONDS = 1;

/** A line that none of our programs prints. */
const NEXT = '=== ipvlan-doctor ===';

/**
 * Looks at a host in one exec, before there is anything to probe.
 *
 * @throws DoctorError `AGENT_FAILED` when the host's links or routes cannot be read
 */
export async function survey(shell: Shell, { nodes, names }: Asked): Promise<Survey> {
  const look = 'ip -json -details address show';
  const lookups = names.flatMap((name) => [lookUp(name), ...nodes.map((node) => lookUp(name, node))].flat());
  const parts = [
    look,
    'ip -json route show table all',
    'ip -json -6 route show table all',
    ...nodes.map(({ enter }) => `${commandLine(enter)} ${look}`),
    ...nodes.map(({ pid }) => printSockets(`/proc/${pid}/net`)),
    ...lookups.map(({ command }) => command),
    HOST_RESOLV_CONF,
    SYSTEMD_RESOLV_CONF,
    ...nodes.map(({ pid }) => printResolvConf(`/proc/${pid}/root/etc/resolv.conf`)),
  ];
  const started = parts.map((part, at) => `{ ${part}; } >$D/${at} 2>$D/error &`);
  const printed = parts.map((_, at) => `cat $D/${at}; echo; echo '${NEXT}'`);
  const script = ['D=$(mktemp -d) || exit 1', ...started, 'wait', ...printed, 'cat $D/error >&2; rm -rf $D'].join('\n');
  const executed = await shell.run(script, { timeoutMs: 30_000 });
  const [links, routes4, routes6, ...rest] = executed.stdout.toString().split(`${NEXT}\n`);
  const [host = '', systemd = '', ...inside] = rest.slice(2 * nodes.length + lookups.length);
  return {
    links: parsed(links, executed, parseLinks),
    routes: [...parsed(routes4, executed, (json) => parseRoutes(json, 4)), ...parseRoutes(routes6?.trim() ?? '', 6)],
    inside: Object.fromEntries(
      nodes.flatMap(({ name }, at) => (rest[at]?.trim() ? [[name, parseLinks(rest[at] ?? '')]] : [])),
    ),
    sockets: Object.fromEntries(
      nodes.flatMap(({ name }, at) => (rest[at]?.trim() ? [[name, parseSockets(rest[nodes.length + at] ?? '')]] : [])),
    ),
    resolvConf: {
      host: parseResolvConf(host),
      systemd: parseResolvConf(systemd),
      inside: Object.fromEntries(
        nodes.flatMap(({ name }, at) => (inside[at]?.trim() ? [[name, parseResolvConf(inside[at] ?? '')]] : [])),
      ),
    },
    resolved: resolvedNames(lookups.map(({ name }, at) => [name, addressesIn(rest[2 * nodes.length + at] ?? '')])),
  };
}

interface Lookup {
  readonly name: string;
  readonly command: string;
}

/**
 * Asks for a name's addresses of both families: the resolver of the host as the agent has it, or that of a node, which may
 * answer in its own namespace only. One datagram each, and a file each: what socat prints comes in pieces.
 */
function lookUp(name: string, node?: LiveNode): readonly Lookup[] {
  const find = node === undefined ? `S=; ${firstServerIn('/etc/resolv.conf')}` : findResolver(node, '127.0.0.1');
  const enter = node?.enter ?? [];
  return (['A', 'AAAA'] as const).map((type, id) => {
    const question = { name, type, id };
    const ask = query({ server: RESOLVER, question, source: undefined, waitSeconds: LOOKUP_SECONDS, enter });
    return { name, command: `${find}; ${ask} 2>&1` };
  });
}

function parsed<Value>(printed: string | undefined, { stderr }: Executed, parse: (text: string) => Value): Value {
  if (printed?.trim()) return parse(printed.trim());
  throw new DoctorError('AGENT_FAILED', `The host's links and routes cannot be read: ${stderr.trim()}`, {
    hint: 'The agent image may lack iproute2. Check it with "ipvlan-doctor preflight".',
  });
}

function resolvedNames(found: readonly (readonly [name: string, answers: readonly string[]])[]): Survey['resolved'] {
  const resolved: Record<string, readonly string[]> = {};
  for (const [name, answers] of found) {
    const addresses = answers.filter(isAddress);
    if (addresses.length > 0) resolved[name] = [...new Set([...(resolved[name] ?? []), ...addresses])];
  }
  return resolved;
}
