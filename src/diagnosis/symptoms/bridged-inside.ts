import type { Link } from '../../evidence/facts.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { ownLink } from '../flow-questions.js';
import type { Observation } from '../observation.js';

/** A container whose address is on a bridge of its own, with another MAC address than its macvlan link below that bridge. */
export interface BridgedInside {
  readonly flow: Flow;
  readonly container: string;
  readonly address: string;
  readonly bridge: Link & { readonly mac: string };
  /** The macvlan link: a port of the bridge. */
  readonly attached: Link & { readonly mac: string };
}

/** Such a container as sender or target of a flow; `undefined` for others, and where its links were not seen. */
export function bridgedInside(network: NetworkState, flow: Flow): BridgedInside | undefined {
  const { container, containerAddress = '' } = flow;
  const bridge = ownLink(network, flow);
  if (!container || flow.network?.driver !== 'macvlan' || bridge?.kind !== 'bridge' || !hasMac(bridge))
    return undefined;
  const attached = network.links
    .of(container.name)
    ?.find(({ kind, controller }) => kind === 'macvlan' && controller === bridge.name);
  // In mode passthru the link takes every frame.
  if (!attached || attached.mode === 'passthru' || !hasMac(attached) || sameMac(attached.mac, bridge.mac))
    return undefined;
  return { flow, container: container.name, address: containerAddress, bridge, attached };
}

/** What shows it: the two MAC addresses, and frames for the one that no link on the parent has. */
export function bridgedInsideSeen({ network, observed }: Pick<Observed, 'network' | 'observed'>, one: BridgedInside) {
  const { container, address, bridge, attached, flow } = one;
  const host = network.names.hostName;
  const capture = observed.capture(host, flow.network?.parent);
  const comesIn = capture?.packets.some(({ targetMac }) => sameMac(targetMac, bridge.mac)) ?? false;
  const at = { node: host, device: flow.network?.parent };
  const { name: device, mac } = attached;
  return [
    {
      kind: 'other-mac',
      at: { node: container, device: bridge.name },
      mac: bridge.mac,
      address,
      attached: { device, mac },
    },
    ...(comesIn ? [{ kind: 'frames-for-unknown-mac' as const, at, mac: bridge.mac }] : []),
  ] satisfies readonly Observation[];
}

function hasMac(link: Link): link is Link & { readonly mac: string } {
  return link.mac !== undefined;
}

function sameMac(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
