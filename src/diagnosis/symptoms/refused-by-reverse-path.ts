import type { NextHop } from '../../network/fib.js';
import { wrongWayBack } from '../../network/reverse-path.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { subnetOfFlow } from '../flow-questions.js';
import { fibOf, nodeOfKind } from '../reading.js';
import { linksOfSegment } from '../../network/segments.js';
import type { Homecoming, WayBackNeeds } from './way-back.js';

/** A container's failing flow whose packets the gateway's reverse path filter refuses as they come in. */
export interface RefusedByReversePath {
  readonly flow: Flow;
  readonly subnet: string;
  /** The gateway's link they come in by. */
  readonly device: string;
  /** Its own way back to the container. */
  readonly hop: NextHop;
}

type Seen = View<WayBackNeeds, 'sysctls'>;

/**
 * Outbound flows that never get as far as the question of how they would be answered: strict filtering looks the way back up
 * first. What is only sent to the container is not held to that, so that it alone proves nothing.
 */
export function refusedByReversePath(view: Seen, home: readonly Homecoming[]): readonly RefusedByReversePath[] {
  const gateway = nodeOfKind(view.nodes, 'gateway');
  const fib = gateway && fibOf(gateway.name, view);
  if (!gateway || !fib) return [];
  const answered = new Set(view.flows.filter((flow) => passesGateway(flow)).map(({ from }) => from.address));
  return home.flatMap(({ flow }) => {
    const { containerAddress: source, network, outbound } = flow;
    const subnet = subnetOfFlow(flow);
    const [device] = linksOfSegment(view.network, gateway.name, network);
    if (!outbound || source === undefined || subnet === undefined || device === undefined) return [];
    if (answered.has(source)) return [];
    const hop = wrongWayBack({ fib, sysctls: view.sysctls?.[gateway.name] }, { source, inDevice: device });
    return hop ? [{ flow, subnet, device, hop }] : [];
  });
}

/** Whose requests it does let in, whatever its settings seem to say. */
function passesGateway({ outbound, peer, arrival }: Flow): boolean {
  return outbound && (peer === 'gateway' || peer === 'internet') && (arrival === 'all' || arrival === 'some');
}

/** Subnets whose containers' packets are refused so: what is wrong with the way back to them shows in that. */
export function refusedSubnets(view: Seen, home: readonly Homecoming[]): ReadonlySet<string | undefined> {
  return new Set(refusedByReversePath(view, home).map(({ subnet }) => subnet));
}
