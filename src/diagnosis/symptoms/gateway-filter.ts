import type { Firewall, NodeFact } from '../../evidence/facts.js';
import { filtered } from '../../network/filter.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Decider, ChainPlace } from '../../network/packet-filter.js';
import { sourceNat } from '../../network/source-nat.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { blockedBothWays, type BlockedPassage } from '../remedies/allow-traffic.js';
import { packetOf } from '../remedies/traffic.js';
import { onParent, sighting } from './wire.js';

/** Hooks that forwarded packets cross. */
export const GATEWAY_HOOKS = ['forward', 'prerouting'];

/** A gateway with its packet filter. */
export interface GatewayFilter {
  readonly gateway: NodeFact;
  readonly firewall: Firewall;
  /** The device of its default route; absent where that was not seen. */
  readonly uplink: string | undefined;
}

/** @returns `undefined` where the gateway's packet filter was not read */
export function filterOfGateway(network: NetworkState): GatewayFilter | undefined {
  const { gateway } = network.names;
  const firewall = gateway && network.firewall(gateway.name);
  return gateway && firewall && { gateway, firewall, uplink: network.routing.defaultDevice(gateway.name) };
}

/** Whether a flow's requests were seen to leave the host, and not the gateway's uplink, which captured. */
export function leavesHostOnly(
  view: Observed,
  flow: Flow,
  { gateway, uplink }: { readonly gateway: NodeFact; readonly uplink: string },
): boolean {
  const { requests, reliable } = sighting(flow, view.observed.capture(gateway.name, uplink));
  return reliable && requests.length === 0 && onParent(view, flow).requests.length > 0;
}

/** A flow that the gateway's filter drops by its rules. */
export interface PredictedDrop {
  readonly flow: Flow;
  readonly by: Decider;
}

/**
 * Of the flows that are lost at a gateway, those that its rules translate: `blocked` by its filter, as its rules say. `open`
 * are all of them, where no rule drops one for certain.
 */
export function predictedAtGateway(
  { network }: Observed,
  lost: readonly Flow[],
  { gateway, firewall, uplink }: GatewayFilter,
): { readonly open: readonly Flow[]; readonly blocked: readonly PredictedDrop[] } {
  const translated = lost.filter(
    ({ from }) =>
      uplink !== undefined && sourceNat(firewall, { source: from.address, device: uplink }).answer === 'yes',
  );
  const [inside] = network.links.onLan(gateway);
  const blocked = translated.flatMap((flow): readonly PredictedDrop[] => {
    const packet = {
      ...packetOf(flow, 'request'),
      ...{ inDevice: inside?.name, outDevice: uplink, state: 'new' as const },
    };
    const outcome = filtered(firewall, ['prerouting', 'forward'], packet);
    return outcome.kind === 'blocks' ? [{ flow, by: outcome.by }] : [];
  });
  return { open: translated, blocked };
}

/** What has to pass the gateway: requests through the uplink only, and their replies. */
export function blockedAtGateway(
  { network }: Observed,
  flows: readonly Flow[],
  {
    gateway,
    firewall,
    uplink,
    places,
  }: GatewayFilter & { readonly uplink: string; readonly places: readonly ChainPlace[] },
): readonly BlockedPassage[] {
  const inDevice = network.links.onLan(gateway)[0]?.name;
  const crossed = { firewall, hooks: GATEWAY_HOOKS, places, inDevice, outDevice: uplink };
  return flows
    .flatMap((flow) => blockedBothWays(flow, crossed))
    .map((one) => ({ ...one, ...(one.part === 'request' ? { outDevice: uplink } : { inDevice: uplink }) }));
}
