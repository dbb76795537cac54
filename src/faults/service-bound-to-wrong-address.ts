import { z } from 'zod';
import { containerOf, defineFault, step } from './fault.js';

export const serviceBoundToWrongAddress = defineFault({
  id: 'service-bound-to-wrong-address',
  title: 'Start a service in a container that listens on the loopback only',
  needsDisposableHost: false,
  parameters: z.strictObject({
    container: z.string().optional().describe('Which container. Default: the first.'),
    port: z.int().min(1).max(65535).default(8080).describe('The port.'),
  }),
  commands: (plan, { container, port }) => {
    const name = containerOf(plan, container)?.name;
    if (name === undefined) return [];
    const note = `/run/ipvlan-doctor-${name}-${port}.pid`;
    const start = `socat TCP4-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork PIPE`;
    return [
      step(
        name,
        `setsid ${start} </dev/null >/dev/null 2>&1 & echo $! >${note}; until ss -Hltn 'sport = :${port}' | grep -q .; do sleep 0.05; done`,
        `kill $(cat ${note}) && rm ${note}`,
      ),
    ];
  },
});
