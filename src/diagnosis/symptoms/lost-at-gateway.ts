import type { NodeFact } from '../../evidence/facts.js';
import { sourcesOf } from '../../path/observe/sighting.js';
import { sameAddress } from '../../ip.js';
import type { View } from '../cause.js';
import type { Flow } from '../flow.js';
import { hostName, nodeOfKind } from '../reading.js';
import { brokenUplink, type UplinkNeeds } from './uplink.js';
import { captureAt, sighting } from './wire.js';

/**
 * Flows to the internet that leave the host untranslated and are never answered, although the gateway answers containers and
 * the host itself gets out: whatever becomes of them does so at the gateway, where nobody could capture.
 */
export function swallowedByGateway(view: View<UplinkNeeds>, lost: readonly Flow[]): readonly Flow[] {
  const parent = captureAt(view.captures, hostName(view.nodes));
  const works = (test: (flow: Flow) => boolean) => view.flows.some((flow) => test(flow) && flow.arrival === 'all');
  const gatewayAnswers = works((flow) => flow.outbound && flow.peer === 'gateway');
  const hostGetsOut = works(
    ({ from, to }) => from.node?.kind === 'host' && (to.node === undefined || to.node.kind === 'internet'),
  );
  if (!gatewayAnswers || !hostGetsOut) return [];
  const gateway = nodeOfKind(view.nodes, 'gateway');
  // The host may have another way out than a gateway that visibly has none.
  const hasWayOut = ({ to }: Flow) => gateway === undefined || brokenUplink(view, gateway, to.address) === undefined;
  return lost.filter((flow) => flow.container && leavesBare(flow, parent) && hasWayOut(flow));
}

/** Whether it was seen to leave there with the sender's own address, and no answer. */
export function leavesBare(flow: Flow, capture: ReturnType<typeof captureAt>): boolean {
  const { requests, replies } = sighting(flow, capture);
  return replies.length === 0 && sourcesOf(requests).some((source) => sameAddress(source, flow.from.address));
}

/** The device of a gateway's default route, where only its configuration is known. */
export function outwardOf({ routes }: View<'routes'>, gateway: NodeFact): string | undefined {
  return routes[gateway.name]?.find(({ destination, via }) => destination === '0.0.0.0/0' && via !== undefined)?.device;
}
