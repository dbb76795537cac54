import { filtered, type Filtered } from '../../network/filter.js';
import type { NetworkState } from '../../network/network-state.js';
import { transportOf } from '../../scenario/plan.js';
import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { crossesParent, farAddress } from '../flow-questions.js';
import { onParent } from './wire.js';

/** The hooks that packets for a container traverse as they arrive, in L3S only. */
export const INPUT_HOOKS = ['prerouting', 'input'];

/** What is meant for the container arrived at the parent, and it behaves as if nothing had. */
export function isMissed(seen: Pick<Observed, 'network' | 'observed'>, flow: Flow): boolean {
  if (!crossesParent(flow) || flow.network?.mode !== 'l3s') return false;
  const { requests, replies, reliable } = onParent(seen, flow);
  const arrived = (flow.outbound ? replies : requests).some(({ direction }) => direction === 'in');
  const answered = !flow.outbound && replies.some(({ direction }) => direction === 'out');
  return reliable && arrived && !answered;
}

/** Whether the rules, as far as they can be read, drop what arrives. */
export function inputMayDrop(network: NetworkState, flow: Flow): boolean {
  const outcome = outcomeFor(network, flow);
  return outcome !== undefined && outcome.kind !== 'passes';
}

/** What the rules do to what arrives for a flow's container; `undefined` where none were read. */
export function outcomeFor(network: NetworkState, flow: Flow): Filtered | undefined {
  const { over } = flow.probe;
  const firewall = network.firewall(network.names.hostName);
  const packet = {
    source: farAddress(flow),
    destination: flow.containerAddress,
    inDevice: flow.network?.parent,
    protocol: transportOf(over),
    state: flow.outbound ? ('established' as const) : ('new' as const),
    ...('port' in over && !flow.outbound ? { port: over.port } : {}),
  };
  return firewall && filtered(firewall, INPUT_HOOKS, packet);
}
