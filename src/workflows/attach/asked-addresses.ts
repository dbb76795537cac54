import type { ContainerFact, NetworkFact } from '../../evidence/facts.js';
import { bare, familyOf, sameAddress } from '../../ip.js';
import { isLayer3 } from '../../network/networks.js';
import type { Survey } from '../../probes/facts/survey.js';
import type { AskedAddress } from '../../probes/look-request.js';
import type { Surroundings } from './surroundings.js';

interface Known {
  readonly around: Surroundings;
  readonly surveyed: Survey;
  readonly networks: readonly NetworkFact[];
  readonly container: ContainerFact;
}

/**
 * The addresses that the host asks for on the parents: the container's own, which no machine on the LAN may have, and the gateway's,
 * for which one machine should reply. A container in L3 is not on the LAN.
 */
export function askedAddresses({ around, surveyed, networks, container }: Known): readonly AskedAddress[] {
  const host = around.live.find(({ kind }) => kind === 'host')?.name;
  if (host === undefined) return [];
  const asked = container.attachments.flatMap(({ network, addresses }) => {
    const fact = networks.find(({ name }) => name === network);
    if (!fact?.parent || fact.driver === 'bridge' || isLayer3(fact) || !isPresent(surveyed, fact.parent)) return [];
    const own = addresses.map((one): AskedAddress => ({ node: host, device: fact.parent ?? '', address: bare(one) }));
    return [
      ...own,
      ...gateways(around, fact).map((one) => ({ ...gatewayAt(surveyed, fact.parent ?? '', one), node: host })),
    ];
  });
  return asked.filter(
    (one, at) =>
      asked.findIndex((other) => other.device === one.device && sameAddress(other.address, one.address)) === at,
  );
}

function isPresent({ links }: Survey, device: string): boolean {
  return links.some(({ name, adminUp }) => name === device && adminUp);
}

/** What the network says, and what the LAN's router is known by. */
function gateways({ gateway }: Surroundings, { subnets }: NetworkFact): readonly string[] {
  return [...subnets.flatMap((subnet) => subnet.gateway ?? []), ...(gateway?.addresses ?? [])];
}

/** Asked from the host's own address there, so that every machine that replies is heard. */
function gatewayAt({ links }: Survey, device: string, address: string): Omit<AskedAddress, 'node'> {
  const source = links
    .find(({ name }) => name === device)
    ?.addresses.map(bare)
    .find((own) => familyOf(own) === familyOf(address));
  return { device, address, ...(source === undefined ? {} : { source }) };
}
