import { DoctorError, messageOf } from '../../errors.js';
import type { Missing } from '../../evidence/evidence.js';
import type { FactName, Facts, Firewall } from '../../evidence/facts.js';
import { parseLegacy } from '../facts/iptables-save.js';
import { parseLinks } from '../facts/links.js';
import { parseNeighbours } from '../facts/neighbours.js';
import { parseRuleset, type Ruleset } from '../facts/nft-ruleset.js';
import { parseRoutes } from '../facts/routes.js';
import { parseRules } from '../facts/rules.js';
import { parseSysctls } from '../facts/sysctls.js';

/** What is read on a gateway, each with the command that reads it; all of them only read. */
const READINGS = {
  links: 'ip -j -d addr show',
  routes: 'ip -j route show table all',
  routes6: 'ip -j -6 route show table all',
  rules: 'ip -j rule show',
  rules6: 'ip -j -6 rule show',
  neighbours: 'ip -j neigh show',
  sysctls:
    "grep -sH '' /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding /proc/sys/net/ipv4/conf/*/rp_filter || true",
  nft: 'nft -a list ruleset',
  legacy: 'iptables-legacy-save -c',
} as const;

type Reading = keyof typeof READINGS;
const NAMES = Object.keys(READINGS) as readonly Reading[];

const HEAD = '### ipvlan-doctor';
/** An empty packet filter prints nothing either, and that is worth knowing. */
const FAILED = '-- not to be had';

/** One line to paste on a Linux gateway as root; it changes nothing there, and what it prints is the gateway's evidence. */
export const GATEWAY_COMMAND = NAMES.map((name) => {
  return `echo "${HEAD} ${name}"; { ${READINGS[name]}; } 2>/dev/null || echo "${FAILED}"; echo`;
})
  .join('; ')
  .concat(`; echo "${HEAD} end"`);

type GatewayFacts = Pick<Facts, 'links' | 'routes' | 'rules' | 'neighbours' | 'sysctls' | 'firewall'>;

/** What a gateway's evidence says. */
export interface GatewayEvidence {
  /** Keyed by the gateway's name; what could not be read there is absent. */
  readonly facts: Partial<GatewayFacts>;
  readonly missing: readonly Missing[];
}

/**
 * Reads what {@link GATEWAY_COMMAND} printed. Pure.
 *
 * @param node the gateway's name among the nodes
 * @throws DoctorError `INPUT_INVALID` when the text is something else, or nothing of it could be read
 */
export function parseGatewayEvidence(text: string, node: string): GatewayEvidence {
  const parts = partsOf(text);
  const facts: Record<string, Readonly<Record<string, unknown>>> = {};
  const missing: Missing[] = [];
  for (const [fact, read] of Object.entries(FACTS)) {
    try {
      facts[fact] = { [node]: read((name) => printed(parts, name)) };
    } catch (error) {
      missing.push({ fact: fact as FactName, node, reason: messageOf(error) });
    }
  }
  if (Object.keys(facts).length === 0) throw notEvidence(missing[0]?.reason ?? 'there is nothing in it');
  return { facts, missing };
}

type Read = (name: Reading) => string;

const FACTS: { readonly [Fact in keyof GatewayFacts]: (read: Read) => GatewayFacts[Fact][string] } = {
  links: (read) => parseLinks(read('links')),
  routes: (read) => [...parseRoutes(read('routes'), 4), ...parseRoutes(orNothing(read, 'routes6'), 6)],
  rules: (read) => [...parseRules(read('rules'), 4), ...parseRules(orNothing(read, 'rules6'), 6)],
  neighbours: (read) => parseNeighbours(read('neighbours')),
  sysctls: (read) => parseSysctls(read('sysctls')),
  firewall: parseFirewall,
};

/** What its counters counted before anything was asked says nothing: they are left out. */
function parseFirewall(read: Read): Firewall {
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
    rules: some.flatMap(({ rules }) => rules.map((rule) => ({ ...rule, packets: undefined }))),
    ...(nft?.sets ? { sets: nft.sets } : {}),
  };
}

function attemptTo<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined; // The other front door of the packet filter may be there.
  }
}

function orNothing(read: Read, name: Reading): string {
  return attemptTo(() => read(name)) ?? '';
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const pieces = text.replaceAll('\r', '').split(new RegExp(`^${HEAD} (\\w+)\\n?`, 'm'));
  if (pieces.length < 3) throw notEvidence('it has none of the headings the command prints');
  return new Map(pieces.flatMap((piece, at) => (at % 2 === 1 ? [[piece, (pieces[at + 1] ?? '').trim()]] : [])));
}

function printed(parts: ReadonlyMap<string, string>, name: Reading): string {
  const text = parts.get(name);
  if (text !== undefined && !text.endsWith(FAILED)) return text;
  throw new Error(`"${READINGS[name]}" could not be run there`);
}

function notEvidence(why: string): DoctorError {
  return new DoctorError('INPUT_INVALID', `This is not a gateway's evidence: ${why}.`, {
    hint: 'Run "ipvlan-doctor diagnose --print-gateway-command", paste what it prints on the gateway, and save what that prints.',
  });
}
