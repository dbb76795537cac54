import { z } from 'zod';
import { contains } from '../ip.js';
import { containerOf, defineFault, step } from './fault.js';

export const serviceAnswersOwnSubnetOnly = defineFault({
  id: 'service-answers-own-subnet-only',
  title: 'Start a UDP service in a container that replies to its own IPv4 subnet only',
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Which container. Default: the first.'),
    port: z.int().min(1).max(65535).default(5300).describe('The port.'),
  }),
  commands: (plan, { container, port }) => {
    const chosen = containerOf(plan, container);
    const addresses = chosen?.attachments.flatMap((one) => one.addresses) ?? [];
    const subnet = plan.networks
      .flatMap(({ subnets }) => subnets.map((one) => one.subnet))
      .find((one) => addresses.some((address) => !address.includes(':') && contains(one, address)));
    if (chosen === undefined || subnet === undefined) return [];
    const note = `/run/ipvlan-doctor-${chosen.name}-${port}.pid`;
    const start = `socat UDP4-RECVFROM:${port},reuseaddr,fork,range=${subnet} PIPE`;
    return [
      step(
        chosen.name,
        `setsid ${start} </dev/null >/dev/null 2>&1 & echo $! >${note}; until ss -Hlun 'sport = :${port}' | grep -q .; do sleep 0.05; done`,
        `kill $(cat ${note}) && rm ${note}`,
      ),
    ];
  },
});
