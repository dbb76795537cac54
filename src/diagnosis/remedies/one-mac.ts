import type { NetworkFact } from '../../evidence/facts.js';
import { placeholder } from '../../shell.js';
import type { Remedy } from '../cause.js';
import { recreateNetwork } from './create-network.js';

/** Gives containers the host's own MAC address: the same subnets on IPvlan instead of macvlan. */
export function toIpvlan(network: NetworkFact, mode: 'l2' | 'l3'): Remedy {
  const right = { driver: 'ipvlan', mode, flag: undefined } as const;
  if (mode === 'l2')
    return recreateNetwork(
      'Recreate the network as IPvlan L2: its containers all send from the MAC address of the parent',
      network,
      right,
    );
  return recreateNetwork(
    'Recreate the network as IPvlan L3 with a subnet of its own, and add a route to it on the router',
    network,
    {
      ...right,
      subnets: network.subnets.map(() => ({ subnet: placeholder('SUBNET_OF_ITS_OWN'), gateway: undefined })),
    },
  );
}
