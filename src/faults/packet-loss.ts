import { z } from 'zod';
import { defineFault, step } from './fault.js';

/** IPv4 protocol 1, and 22 bytes further on, behind a header without options, the number of an echo. */
const echo = (number: number) => `match ip protocol 1 0xff match u16 ${number} 0xffff at 26`;

export const packetLoss = defineFault({
  id: 'packet-loss',
  title: 'Have the gateway lose some echoes of each ping towards the LAN, the same ones in each run',
  needsDisposableHost: false,
  parameters: z.strictObject({
    lost: z.array(z.int().min(1).max(5)).default([2, 4]).describe('Which of the five, by number.'),
  }),
  commands: (_, { lost }) => [
    step('gateway', 'tc qdisc add dev lan0 root handle 1: prio bands 4', 'tc qdisc del dev lan0 root'),
    step('gateway', 'tc qdisc add dev lan0 parent 1:4 handle 40: netem loss 100%'),
    ...lost.map((number) =>
      step('gateway', `tc filter add dev lan0 parent 1: protocol ip prio 1 u32 ${echo(number)} flowid 1:4`),
    ),
  ],
});
