import type { ContainerFact, NetworkFact } from '../../evidence/facts.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow } from '../flow.js';

/** A flow between a container on a bridge and one on a parent, in either direction. */
export interface DifferentDrivers {
  readonly flow: Flow;
  readonly bridged: ContainerFact;
  readonly bridge: NetworkFact;
  readonly child: ContainerFact;
  readonly network: NetworkFact;
  /** The address of the container on the parent. */
  readonly address: string;
  readonly towardsChild: boolean;
}

/** Two containers that share no network, one of them on a bridge and the other not; `undefined` for all other flows. */
export function differentDrivers({ names, addresses }: NetworkState, flow: Flow): DifferentDrivers | undefined {
  const from = names.container(flow.from.node?.name);
  const to = names.container(flow.to.node?.name);
  if (!from || !to || flow.peer !== 'other-container') return undefined;
  const shared = from.attachments.some((one) => to.attachments.some(({ network }) => network === one.network));
  const mine = addresses.networkOf(from, flow.from.address);
  const theirs = addresses.networkOf(to, flow.to.address);
  if (shared || !mine || !theirs || (mine.driver === 'bridge') === (theirs.driver === 'bridge')) return undefined;
  return mine.driver === 'bridge'
    ? { flow, bridged: from, bridge: mine, child: to, network: theirs, address: flow.to.address, towardsChild: true }
    : {
        flow,
        bridged: to,
        bridge: theirs,
        child: from,
        network: mine,
        address: flow.from.address,
        towardsChild: false,
      };
}
