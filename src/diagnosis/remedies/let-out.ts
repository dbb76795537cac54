import { distinctPlaces, sameDecider, type Place } from '../../network/packet-filter.js';
import { found, type Remedy, type View } from '../cause.js';
import { inToolsWords } from './firewall-tools.js';
import type { Flow } from '../flow.js';
import { maskedRefusal, refusalOf, type Refusal } from '../symptoms/host-refusal.js';
import { acceptAtHead } from './allow-traffic.js';
import { idsOf, telling } from '../flow-questions.js';
import { hostName } from '../reading.js';
import type { RefusalKind } from '../symptoms/suffering.js';
import { trafficOf, type Part, type Traffic } from './traffic.js';

type Seen = View<'nodes' | 'firewall'>;

/**
 * Lets the containers out where they are dropped, and the host too where somebody asked for that. Where the chain belongs to a
 * tool, its own words come first: it would write over a rule put into its chain.
 */
export function letOut(view: Seen, refusal: Refusal): readonly Remedy[] {
  const { culprits } = refusal;
  const places = culprits.length > 0 ? culprits.map(({ place }) => place) : outgoingChains(view);
  const node = hostName(view.nodes);
  const traffic = sentByHost(refusal);
  const commands = distinctPlaces(places).flatMap((place) => acceptAtHead(place, node, traffic));
  return [
    ...inToolsWords(culprits, { node, way: 'out', traffic }),
    {
      title: 'Let out what the failed checks send, at the head of the very chain that drops',
      use: commands.length > 0 ? 'run' : 'advice',
      commands,
    },
  ];
}

/** What crosses the host's OUTPUT hook of the refused flows: what containers send, and what the host itself does where a check asks. */
export function sentByHost({ refused, silenced, halfOpen, own, parent }: Refusal): readonly Traffic[] {
  const asked = own.filter(({ probe }) => probe.purpose === 'check');
  // What a container sends to its own host leaves OUTPUT by lo: only the host's own traffic is held to the parent.
  return trafficOf([
    ...[...refused, ...halfOpen].map((flow) => ({ flow, part: 'request' as const })),
    ...silenced.map((flow) => ({ flow, part: replyInOutput(flow) })),
    ...own.filter(({ outbound }) => outbound).map((flow) => ({ flow, part: 'request' as const })),
    ...own
      .filter(({ container, outbound }) => container && !outbound)
      .map((flow) => ({ flow, part: replyInOutput(flow) })),
    ...asked.map((flow) => ({
      flow,
      part: flow.outbound ? ('reply' as const) : ('request' as const),
      outDevice: parent,
    })),
  ]);
}

/** In L3 the host's connection tracking never sees what containers receive. */
function replyInOutput({ network }: Flow): Part {
  return network?.mode === 'l3s' ? 'reply' : 'untracked-reply';
}

/**
 * What is found of a kind of refusal where nothing comes as far as the hook, whose rules would refuse it. A rule that refuses
 * others, which do come as far, goes by the name it has there.
 */
export function foundMasked(view: Parameters<typeof maskedRefusal>[0], kind: RefusalKind) {
  const refusal = maskedRefusal(view);
  if (refusal?.kind !== kind) return undefined;
  const inSight = refusalOf(view, 'everything', 'new-only', 'answers-only', 'internet-only');
  const known = inSight && 'culprits' in inSight ? inSight.culprits.map(({ by }) => by) : [];
  if (refusal.culprits.some(({ by }) => known.some((one) => sameDecider(one, by)))) return undefined;
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
