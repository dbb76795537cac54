import { unansweredRequests } from '../../path/observe/sighting.js';
import { placeholder, sh } from '../../shell.js';
import { on, type Command, type Observed } from '../cause.js';
import { telling } from '../flow-questions.js';
import type { Supposed } from '../hypotheses/hypothesis.js';

/** Addresses that the router asked for by ARP without a reply, as the host's parents saw it. */
export function unansweredByRouter({ network: { names }, observed }: Observed): readonly string[] {
  const asked = names.parents.flatMap((parent) =>
    unansweredRequests(observed.capture(names.hostName, parent), names.gateway?.addresses ?? []),
  );
  return [...new Set(asked)];
}

/** What the router's routes do with replies to a container, and whether it filters reverse paths. */
export function routeLookup({ network: { names } }: Observed, { flows }: Supposed): Command | undefined {
  const flow = telling(flows);
  const address = flow?.containerAddress;
  if (address === undefined) return undefined;
  return on(
    names.gateway?.name ?? '',
    sh`ip route get ${address}; sysctl -a -r 'rp_filter$'; nstat -az TcpExtIPReversePathFilter`,
  );
}

/** What leaves the router towards the internet, and with which source address. */
export function uplinkCapture({ network: { names } }: Observed, { flows }: Supposed): Command | undefined {
  const flow = telling(flows);
  if (flow === undefined) return undefined;
  const own = flow.containerAddress ?? flow.from.address;
  return on(
    names.gateway?.name ?? '',
    sh`tcpdump -ni ${placeholder('WAN_INTERFACE')} host ${flow.to.address}   # source ${own}: no NAT; no packets: a filter`,
  );
}
