import type { NodeFact } from '../../evidence/facts.js';
import { contains, familyOf, subnetOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import { sourceNat } from '../../network/source-nat.js';
import { hasPath } from '../../path/trace.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, subnetOfFlow } from '../flow-questions.js';
import { leavesUntranslated } from './lost-at-gateway.js';
import { isTranslated } from './wire.js';

/** IPv4 to the internet through the gateway, from a container or from a machine on the LAN. IPv6 needs no translation. */
export function isOutside(flow: Flow): boolean {
  if (familyOf(flow.to.address) !== 4) return false;
  if (flow.container) return crossesParent(flow) && flow.outbound && flow.peer === 'internet';
  return (flow.from.node?.kind === 'host' || flow.from.node?.kind === 'peer') && flow.to.node?.kind === 'internet';
}

/** A gateway and the device by which it reaches the internet. */
export interface GatewayUplink {
  readonly gateway: NodeFact;
  readonly uplink: string;
}

/** Uplinks of a gateway that were captured. */
export function capturedUplinks({ network, observed }: Observed, gateway: NodeFact): readonly string[] {
  const uplinks = new Set(network.links.uplinks(gateway).map(({ name }) => name));
  return observed.captures.flatMap(({ node, device }) =>
    node === gateway.name && uplinks.has(device) ? [device] : [],
  );
}

/** Flows that were seen to leave a gateway's uplink with their own private source, and that got no reply. */
export function seenUntranslated(view: Observed, lost: readonly Flow[], gateway: NodeFact) {
  return capturedUplinks(view, gateway).flatMap((device) => {
    const capture = view.observed.capture(gateway.name, device);
    return lost.filter((flow) => leavesUntranslated(flow, capture)).map((flow) => ({ flow, device }));
  });
}

/** What the gateway's own rules do with a source; `undefined` where they were not read. */
export function translationOf(network: NetworkState, { gateway, uplink }: GatewayUplink, source: string) {
  const firewall = network.firewall(gateway.name);
  return firewall && sourceNat(firewall, { source, device: uplink }).answer;
}

/** Sources that the gateway's rules do not translate, while they translate the host's. */
export interface Uncovered {
  readonly flows: readonly Flow[];
  /** The host's address, which the rules translate. */
  readonly covered: string;
}

/** @returns `undefined` where the rules translate them all, or not even the host's address */
export function uncoveredByRules(view: Observed, lost: readonly Flow[], way: GatewayUplink): Uncovered | undefined {
  const { network, observed, flows } = view;
  const { names } = network;
  const covered = names.host?.addresses.find((address) => familyOf(address) === 4);
  if (covered === undefined || translationOf(network, way, covered) !== 'yes') return undefined;
  const parent = observed.capture(names.hostName);
  const translated = new Set(
    // A lookup through a container's resolver is sent by the engine, from wherever it likes.
    flows
      .filter((flow) => isOutside(flow) && hasPath(flow.probe) && flow.arrival === 'all')
      .map(({ from }) => from.address),
  );
  const uncovered = lost.filter(
    (flow) =>
      flow.container &&
      !translated.has(flow.from.address) &&
      !isTranslated(flow, parent) &&
      translationOf(network, way, flow.from.address) === 'no',
  );
  return uncovered.length > 0 ? { flows: uncovered, covered } : undefined;
}

/** The subnets flows come from: their container's, or the one the gateway shares with a machine on the LAN. */
export function subnetsLeaving({ names, links }: NetworkState, flows: readonly Flow[]): readonly string[] {
  const own = (links.of(names.gateway?.name) ?? []).flatMap(({ addresses }) => addresses.map(subnetOf));
  const subnets = flows.map(
    (flow) => subnetOfFlow(flow) ?? own.find((subnet) => contains(subnet, flow.from.address)) ?? flow.from.address,
  );
  return [...new Set(subnets)];
}
