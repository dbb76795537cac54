import type { NodeFact } from '../evidence/facts.js';
import { sourcesOf } from '../path/sighting.js';
import { sameAddress } from '../ip.js';
import type { View } from './cause.js';
import type { Flow } from './flow.js';
import { hostName } from './reading.js';
import { captureAt, sighting } from './wire.js';

/**
 * Flows to the internet that leave the host untranslated and are never answered, although the gateway answers containers and
 * the host itself gets out: whatever becomes of them does so at the gateway, where nobody could capture.
 */
export function swallowedByGateway(view: View<'nodes' | 'captures'>, lost: readonly Flow[]): readonly Flow[] {
  const parent = captureAt(view.captures, hostName(view.nodes));
  const works = (test: (flow: Flow) => boolean) => view.flows.some((flow) => test(flow) && flow.arrival === 'all');
  const gatewayAnswers = works((flow) => flow.outbound && flow.peer === 'gateway');
  const hostGetsOut = works(
    ({ from, to }) => from.node?.kind === 'host' && (to.node === undefined || to.node.kind === 'internet'),
  );
  return gatewayAnswers && hostGetsOut ? lost.filter((flow) => flow.container && leavesBare(flow, parent)) : [];
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
