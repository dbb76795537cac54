import type { Capture } from '../../evidence/facts.js';
import { sameAddress } from '../../ip.js';
import { sourcesOf } from '../../path/observe/sighting.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { brokenUplink } from './uplink.js';
import { sighting } from './wire.js';

/**
 * Flows to the internet that leave the host untranslated and get no reply, although the gateway replies to containers and
 * the host itself reaches the internet: they are lost at the gateway, where nothing was captured.
 */
export function lostAtGateway({ network, observed, flows }: Observed, lost: readonly Flow[]): readonly Flow[] {
  const works = (test: (flow: Flow) => boolean) => flows.some((flow) => test(flow) && flow.arrival === 'all');
  const gatewayReplies = works((flow) => flow.outbound && flow.peer === 'gateway');
  const hostGetsOut = works(
    ({ from, to }) => from.node?.kind === 'host' && (to.node === undefined || to.node.kind === 'internet'),
  );
  if (!gatewayReplies || !hostGetsOut) return [];
  const { gateway, hostName } = network.names;
  const parent = observed.capture(hostName);
  // The host may have another way out than a gateway whose uplink is visibly broken.
  const hasWayOut = ({ to }: Flow) => gateway === undefined || brokenUplink(network, gateway, to.address) === undefined;
  return lost.filter((flow) => flow.container && leavesUntranslated(flow, parent) && hasWayOut(flow));
}

/** Whether it was seen to leave there with the sender's own address, and no reply. */
export function leavesUntranslated(flow: Flow, capture: Capture | undefined): boolean {
  const { requests, replies } = sighting(flow, capture);
  return replies.length === 0 && sourcesOf(requests).some((source) => sameAddress(source, flow.from.address));
}
