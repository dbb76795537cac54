import { isLayer3 } from '../../network/networks.js';
import { arpFor } from '../../path/observe/sighting.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';

/** Whether a container's ARP request for the next hop of a flow was seen on the parent, and a reply to it. */
export type NextHopArp = 'answered' | 'unanswered' | 'not seen';

/** In L3 the host asks, for all its containers, and most often knows the answer: then nothing is seen. */
export function nextHopArp({ network, observed }: Observed, flow: Flow): NextHopArp {
  const { container, containerAddress, outbound, to } = flow;
  if (!outbound || container === undefined || containerAddress === undefined || isLayer3(flow.network))
    return 'not seen';
  const hop = network.routing.lookup(container.name, { destination: to.address, source: containerAddress });
  if (hop?.kind !== 'via' && hop?.kind !== 'on-link') return 'not seen';
  const capture = observed.capture(network.names.hostName, flow.network?.parent);
  const next = hop.kind === 'via' ? hop.gateway : to.address;
  const { asked, answered } = arpFor(capture, next, [containerAddress]);
  if (answered) return 'answered';
  return asked && capture?.control === 'seen' ? 'unanswered' : 'not seen';
}
