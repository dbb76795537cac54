import type { ProbeResult } from '../../evidence/evidence.js';
import { icmpErrorsAbout, type IcmpError } from '../../network/observations/icmp-errors.js';
import type { Known } from '../known.js';
import type { Told } from '../path.js';

/**
 * Which machine said by ICMP why a flow does not arrive. One that the sender itself received counts before one that was seen on
 * its way only.
 */
export function toldOf({ observed }: Known, probe: ProbeResult, source: string): { readonly told?: Told } {
  const { outcome, from, to, tag } = probe;
  if (outcome.kind !== 'attempts' || outcome.arrived > 0) return {};
  const errors = icmpErrorsAbout(observed, { tag, from: source, to: to.address }).filter(says);
  const error = errors.find((one) => one.node === from && one.direction === 'in') ?? errors[0];
  return error ? { told: told(error) } : {};
}

/** A redirect says nothing of a loss; a probe with a small TTL would expire anywhere. */
function says({ complaint }: IcmpError): boolean {
  return complaint !== 'redirect';
}

function told({ sender, complaint, part, mtu, node, device }: IcmpError): Told {
  return { sender, complaint, part, ...(mtu === undefined ? {} : { mtu }), seen: { node, device } };
}
