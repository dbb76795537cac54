import type { Firewall } from '../../evidence/facts.js';
import { defineFactProbe, isConfigured, type Printed, type Reading } from './fact-probe.js';
import { parseLegacy } from './iptables-save.js';
import { parseRuleset, type Ruleset } from './nft-ruleset.js';

/** One command, read before and after. */
interface Readings {
  readonly before: Reading;
  readonly after: Reading;
}

function readings(name: string, command: string): Readings {
  const reading = (when: keyof Readings): Reading => ({ name: `${name}-${when}`, command, when });
  return { before: reading('before'), after: reading('after') };
}

const NFT = readings('nft', 'nft -a list ruleset');

/**
 * Asking iptables-legacy would load its modules; a namespace that has never used them names no tables. The files that name
 * them have no size, like all of /proc: only reading tells.
 */
const LEGACY = readings(
  'legacy',
  ['ip', 'ip6']
    .map(
      (program) =>
        `if read -r _ </proc/net/${program}_tables_names; then ${program}tables-legacy-save -c || failed=1; fi`,
    )
    .join('; ')
    .concat('; [ -z "$failed" ]'),
);

export const firewall = defineFactProbe({
  id: 'firewall',
  title: 'Packet filter and NAT rules with their counters',
  establishes: 'firewall',
  readings: [NFT.before, LEGACY.before, NFT.after, LEGACY.after],
  wanted: isConfigured,
  parse: parseFirewall,
});

/** A side that cannot be read is absent from `readable`; nothing readable makes the fact missing. */
function parseFirewall(printed: Printed): Firewall {
  const nft = difference(printed, NFT, parseRuleset);
  const legacy = difference(printed, LEGACY, parseLegacy);
  if (!nft && (legacy?.chains ?? []).length === 0) printed.by(NFT.after); // throws with nft's reason
  const readable = [nft ?? [], legacy ?? []].flat();
  return {
    readable: [
      ...(nft ? (['nftables', 'iptables-nft'] as const) : []),
      ...(legacy ? (['iptables-legacy'] as const) : []),
    ],
    chains: readable.flatMap(({ chains }) => chains),
    rules: readable.flatMap(({ rules }) => rules),
    ...(nft?.sets ? { sets: nft.sets } : {}),
  };
}

/** @returns `undefined` when either reading failed */
function difference(printed: Printed, { before, after }: Readings, parse: Parse): Ruleset | undefined {
  const [first, last] = [printed.outputOf(before), printed.outputOf(after)];
  if (first.exitCode !== 0 || last.exitCode !== 0) return undefined;
  return moved(parse(first.stdout, first.stderr), parse(last.stdout, last.stderr));
}

type Parse = (text: string, warnings: string) => Ruleset;

/** Turns the counters of two readings into how far they moved. A rule is the same one when its place and text are. */
function moved(before: Ruleset, after: Ruleset): Ruleset {
  const rules = new Map(before.rules.map((rule) => [ruleKey(rule), rule.packets]));
  const chains = new Map(before.chains.map((chain) => [chainKey(chain), chain.policyPackets]));
  return {
    ...after,
    rules: after.rules.map((rule) => ({ ...rule, packets: by(rules.get(ruleKey(rule)), rule.packets) })),
    chains: after.chains.map((chain) => ({
      ...chain,
      policyPackets: by(chains.get(chainKey(chain)), chain.policyPackets),
    })),
  };
}

function by(before: number | undefined, after: number | undefined): number | undefined {
  return after === undefined ? undefined : after - (before ?? 0);
}

function ruleKey({ backend, family, table, chain, handle, text }: Ruleset['rules'][number]): string {
  return [backend, family, table, chain, handle ?? '', text].join('\n');
}

function chainKey({ backend, family, table, chain }: Ruleset['chains'][number]): string {
  return [backend, family, table, chain].join('\n');
}
