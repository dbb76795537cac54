import type { FirewallRule } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { sourceNat } from '../../network/source-nat.js';
import { sourcesOf } from '../../path/observe/sighting.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { onParent } from './wire.js';

type Seen = Pick<Observed, 'network' | 'observed'>;

/** The probe's own packets on the parent, with the host's address. */
export function leavesAsHost(seen: Seen, flow: Flow): boolean {
  const own = seen.network.names.host?.addresses ?? [];
  return sourcesOnParent(seen, flow).some((source) => own.some((one) => sameAddress(one, source)));
}

/** The same, with the sender's own address. */
export function leavesAsItself(seen: Seen, flow: Flow): boolean {
  return sourcesOnParent(seen, flow).some((source) => sameAddress(source, flow.from.address));
}

/** The source addresses of a flow's requests on the parent. */
export function sourcesOnParent(seen: Seen, flow: Flow): readonly string[] {
  return sourcesOf(onParent(seen, flow).requests);
}

/** The host's rules that translate a flow; those that only may count where the wire shows that something did. */
export function translating(seen: Seen, flow: Flow): readonly FirewallRule[] {
  const firewall = seen.network.firewall(seen.network.names.hostName);
  if (!firewall) return [];
  const { answer, rules } = sourceNat(firewall, { source: flow.from.address, device: flow.network?.parent ?? '' });
  return answer === 'yes' || leavesAsHost(seen, flow) ? rules : [];
}
