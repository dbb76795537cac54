import type { NetworkFact } from '../../evidence/facts.js';
import type { Remedy } from '../cause.js';
import type { MasqueradeChange } from './changes/masquerade.js';
import { recreateNetwork } from './create-network.js';

/**
 * An internet gateway translates only addresses that the cloud assigned to a machine, and containers' are not. In L3S the host
 * can translate them to its own. The cloud then needs no route, no check and no rule for them.
 */
export function masqueradeInCloud(host: string, network: NetworkFact): Remedy {
  return masqueradeOnHost(
    host,
    { network, subnets: network.subnets.map(({ subnet }) => subnet) },
    'If the containers only need the internet, recreate the network in L3S mode and masquerade on the host',
  );
}

/** Only in L3S: in L3 the same rule breaks the containers' own connections. */
export function masqueradeOnHost(
  host: string,
  { network, subnets }: { readonly network: NetworkFact; readonly subnets: readonly string[] },
  title: string,
): Remedy {
  const recreated = recreateNetwork(title, network, { driver: 'ipvlan', mode: 'l3s' });
  const masquerade = subnets.map((subnet): MasqueradeChange => ({
    kind: 'masquerade',
    on: host,
    subnet,
    device: network.parent ?? '',
  }));
  return { ...recreated, changes: [...recreated.changes, ...masquerade] };
}
