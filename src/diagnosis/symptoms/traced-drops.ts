import type { Trace } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { farAddress } from '../flow-questions.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

/** Whether a trace shows the packet filter dropping what the container sends, before a filter on the link below would. */
export function isTracedDropped(seen: Seen, flow: Flow): boolean {
  return tracesOfSent(seen, flow).some(({ dropped }) => dropped !== undefined && dropped.family !== 'netdev');
}

/** Whether a trace shows what the container sends passing the filter, even if it is lost later. Traces show nothing of iptables-legacy. */
export function isTracedPassing(seen: Seen, flow: Flow): boolean {
  const sent = tracesOfSent(seen, flow);
  const filter = seen.network.firewall(seen.network.names.hostName);
  if (!filter || filter.chains.some(({ backend }) => backend === 'iptables-legacy')) return false;
  return sent.length > 0 && sent.every(({ dropped }) => dropped === undefined || dropped.family === 'netdev');
}

/** What traces show of the packets a flow's container sends, requests or replies: NAT does not change their destination. */
function tracesOfSent({ network, observed }: Seen, flow: Flow): readonly Trace[] {
  const { tag } = flow.probe;
  return (observed.traces(network.names.hostName) ?? []).filter(
    ({ tags, destination }) => tag !== undefined && tags.includes(tag) && sameAddress(destination, farAddress(flow)),
  );
}
