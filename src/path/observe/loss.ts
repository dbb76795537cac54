import type { Outcome } from '../../evidence/evidence.js';
import type { Packet } from '../../evidence/facts.js';
import type { PredictedHop, Vantage } from '../predict/leg.js';
import type { Loss } from '../path.js';

/** From this share of the attempts on, a flow counts as arriving. */
const ARRIVING = 0.95;

/** Whether some of what was sent arrived, and too little of it. */
export function arrivesPartly(outcome: Outcome): boolean {
  return outcome.kind === 'attempts' && outcome.arrived > 0 && outcome.arrived / outcome.sent < ARRIVING;
}

/** How many packets of a flow were seen behind a step; `undefined` where no capture looked, or none that is known to have been awake. */
export interface Count {
  readonly step: PredictedHop;
  readonly packets: number | undefined;
}

/** Different packets: of echoes each number counts once, wherever else it may have been seen too. */
export function differentPackets(packets: readonly Packet[]): number {
  const numbers = packets.map(({ content }, index) =>
    content.kind === 'icmp' && content.sequence !== undefined ? `echo ${content.sequence}` : `packet ${index}`,
  );
  return new Set(numbers).size;
}

/**
 * Where packets of a flow that arrives in part begin to be missing: between the last vantage point that saw them all and the
 * first that saw fewer.
 *
 * @returns the step to blame, by its place, with what was seen on both sides of it
 */
export function lossIn(counts: readonly Count[], sent: number): { readonly at: number; readonly loss: Loss } {
  let before: Loss['before'];
  let from = 0;
  for (const [index, { step, packets }] of counts.entries()) {
    if (packets === undefined || !step.vantage) continue;
    if (packets < (before?.packets ?? sent)) {
      const after = sightOf(step.vantage, packets);
      return { at: blamed(counts, from, index), loss: { before, after } };
    }
    before = sightOf(step.vantage, packets);
    from = index;
  }
  return { at: counts.length - 1, loss: { before, after: undefined } };
}

/** No capture sees into a wire or beyond an uplink; elsewhere it is where they should have come out. */
function blamed(counts: readonly Count[], from: number, to: number): number {
  const between = counts.slice(from, to + 1).findIndex(({ step: { hop } }) => hop === 'lan' || hop === 'uplink');
  return between < 0 ? to : from + between;
}

function sightOf({ node, device }: Vantage, packets: number): NonNullable<Loss['before']> {
  return { node, device, packets };
}
