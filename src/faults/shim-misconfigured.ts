import { z } from 'zod';
import { hostAddresses, prefixLength } from '../ip.js';
import { defineFault, step } from './fault.js';

export const shimMisconfigured = defineFault({
  id: 'shim-misconfigured',
  title: "Give the host a link of its own on the parent with the LAN's whole prefix, and no route by it",
  needsDisposableHost: true,
  parameters: z.strictObject({}),
  commands: (plan) => {
    const network = plan.networks.find(({ parent, driver }) => parent !== undefined && driver !== 'bridge');
    const subnet = network?.subnets[0]?.subnet;
    if (!network || subnet === undefined) return [];
    const own = [...takeFirst(hostAddresses(subnet), 250)].at(-1) ?? '';
    const mode = network.driver === 'macvlan' ? 'bridge' : network.mode;
    return [
      step('host', `ip link add shim link ${network.parent} type ${network.driver} mode ${mode}`, 'ip link del shim'),
      step('host', `ip addr add ${own}/${prefixLength(subnet)} dev shim && ip link set shim up`),
    ];
  },
});

function* takeFirst(addresses: Iterable<string>, count: number): Generator<string> {
  let taken = 0;
  for (const address of addresses) {
    if (taken++ === count) return;
    yield address;
  }
}
