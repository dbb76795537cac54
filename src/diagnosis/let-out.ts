import { distinctPlaces, type Place } from '../path/packet-filter.js';
import { found, type Remedy, type View } from './cause.js';
import { inToolsWords } from './firewall-tools.js';
import { maskedRefusal, refusalOf, type Refusal } from './host-refusal.js';
import { acceptAtHead } from './packet-filter.js';
import { hostName, idsOf, nodeOfKind, telling } from './reading.js';
import type { RefusalKind } from './suffering.js';

type Seen = View<'nodes' | 'firewall'>;

/**
 * Lets the containers out where they are dropped, and the host too where somebody asked for that. Where the chain belongs to a
 * tool, its own words come first: it would write over a rule put into its chain.
 */
export function letOut(view: Seen, { culprits, subnets, parent, own }: Refusal): readonly Remedy[] {
  const places = culprits.length > 0 ? culprits.map(({ place }) => place) : outgoingChains(view);
  const askedFor = own.some(({ probe }) => probe.purpose === 'check');
  const host = askedFor ? (nodeOfKind(view.nodes, 'host')?.addresses ?? []) : [];
  const node = hostName(view.nodes);
  // What a container sends to its own host leaves OUTPUT by lo: only the host's own traffic is held to the parent.
  const commands = distinctPlaces(places).flatMap((place) => [
    ...acceptAtHead(place, { node, subnets }),
    ...acceptAtHead(place, { node, subnets: host, device: parent }),
  ]);
  return [
    ...inToolsWords(culprits, { node, subnets, way: 'out', parent }),
    {
      title: `Let ${subnets.join(' and ')}${host.length > 0 ? ' and the host itself' : ''} out, at the head of the very chain that drops`,
      use: commands.length > 0 ? 'run' : 'advice',
      commands,
    },
  ];
}

/**
 * What is found of a kind of refusal where nothing comes as far as the hook, whose rules would refuse it. A rule that refuses
 * others, which do come as far, goes by the name it has there.
 */
export function foundMasked(view: Parameters<typeof maskedRefusal>[0], kind: RefusalKind) {
  const refusal = maskedRefusal(view);
  if (refusal?.kind !== kind) return undefined;
  const inSight = refusalOf(view, 'everything', 'new-only', 'answers-only', 'internet-only');
  const known = new Set(inSight && 'culprits' in inSight ? inSight.culprits.map(({ name }) => name) : []);
  if (refusal.culprits.some(({ name }) => known.has(name))) return undefined;
  const flows = [...refusal.refused, ...refusal.silenced];
  return found({
    detail: { flow: telling(flows), refusal, remedies: letOut(view, refusal) },
    explains: idsOf(flows),
    confidence: 'likely',
    masked: true,
    because: refusal.culprits.map(({ text }) => `host: ${text}.`),
  });
}

/** Chains of the host that can drop what leaves it. */
function outgoingChains({ firewall, nodes }: Seen): readonly Place[] {
  return (firewall[hostName(nodes)]?.chains ?? []).filter(
    ({ hook, type }) => (hook === 'output' || hook === 'postrouting') && type !== 'nat',
  );
}
