import type { NextHop } from '../../network/fib.js';
import { linksOfSegment } from '../../network/segments.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { getsThrough, subnetOfFlow } from '../flow-questions.js';
import type { Returning } from './return-routes.js';

/** A container's failing flow whose packets the gateway's reverse path filter drops as they come in. */
export interface ReversePathDrop {
  readonly flow: Flow;
  readonly subnet: string;
  /** The gateway's link they come in through. */
  readonly device: string;
  /** Its own route to the container. */
  readonly hop: NextHop;
}

/**
 * Outbound flows whose return route does not matter yet: strict filtering looks up the route to the sender first. It does not
 * apply to what is only sent to the container, so an inbound flow alone shows nothing.
 */
export function reversePathDrops(
  { network, flows }: Observed,
  returning: readonly Returning[],
): readonly ReversePathDrop[] {
  const { gateway } = network.names;
  if (!gateway || !network.routing.fib(gateway.name)) return [];
  const answered = new Set(flows.filter(passesGateway).map(({ from }) => from.address));
  return returning.flatMap(({ flow }) => {
    const { containerAddress: source, outbound } = flow;
    const subnet = subnetOfFlow(flow);
    const [device] = linksOfSegment(network, gateway.name, flow.network);
    if (!outbound || source === undefined || subnet === undefined || device === undefined) return [];
    if (answered.has(source)) return [];
    const hop = network.routing.reversePathMismatch(gateway.name, { source, inDevice: device });
    return hop ? [{ flow, subnet, device, hop }] : [];
  });
}

/** A flow whose requests the gateway lets in, even where its settings say otherwise. */
function passesGateway(flow: Flow): boolean {
  return flow.outbound && (flow.peer === 'gateway' || flow.peer === 'internet') && getsThrough(flow);
}

/** Subnets whose containers' packets the gateway drops so: this is what is wrong with the route to them. */
export function droppedSubnets(view: Observed, returning: readonly Returning[]): ReadonlySet<string | undefined> {
  return new Set(reversePathDrops(view, returning).map(({ subnet }) => subnet));
}
