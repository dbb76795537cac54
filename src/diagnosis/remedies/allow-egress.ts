import { distinctPlaces } from '../../network/packet-filter.js';
import type { Remedy } from '../cause.js';
import type { Flow } from '../flow.js';
import type { HostDrops } from '../symptoms/host-drops.js';
import { acceptAtHead } from './allow-traffic.js';
import { toolRemedies } from './firewall-tools.js';
import { trafficOf, type Part, type Traffic } from './traffic.js';

/**
 * Accepts what the containers send where it is dropped, and what the host sends too where a check asks for that. Where the
 * chain belongs to a tool, that tool's remedy comes first: it would overwrite a rule put into its chain.
 */
export function allowEgress(drops: HostDrops): readonly Remedy[] {
  const { host, rules, places } = drops;
  const traffic = egressTraffic(drops);
  const commands = distinctPlaces(places).flatMap((place) => acceptAtHead(place, host, traffic));
  return [
    ...toolRemedies(rules, { node: host, way: 'out', traffic }),
    {
      title: 'Accept what the failed checks send, at the head of the chain that drops it',
      use: commands.length > 0 ? 'run' : 'advice',
      changes: commands,
    },
  ];
}

/** What of the dropped flows traverses the host's OUTPUT hook: what containers send, and what the host itself does where a check asks. */
export function egressTraffic({ requests, replies, halfOpen, own, parent }: HostDrops): readonly Traffic[] {
  const asked = own.filter(({ probe }) => probe.purpose === 'check');
  // What a container sends to its own host leaves OUTPUT by lo: only the host's own traffic is held to the parent.
  return trafficOf([
    ...[...requests, ...halfOpen].map((flow) => ({ flow, part: 'request' as const })),
    ...replies.map((flow) => ({ flow, part: replyInOutput(flow) })),
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
