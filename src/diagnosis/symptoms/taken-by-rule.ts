import { contains, sameAddress, subnetOf } from '../../ip.js';
import { ruleBeforeMain, type RuleBeforeMain } from '../../network/before-main.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Flow, FlowEnd } from '../flow.js';
import { subnetOfFlow } from '../flow-questions.js';

/** A flow that a node sends, or replies to, where a policy rule takes that into another link. */
export interface TakenByRule extends RuleBeforeMain {
  readonly flow: Flow;
  readonly node: string;
  /** What the node meant to send to. */
  readonly destination: string;
}

/** The first end of a flow, host or container, whose policy rules take what it sends into another link. */
export function takenByRule(network: NetworkState, flow: Flow): TakenByRule | undefined {
  const { from, to } = flow;
  return (
    atEnd(network, flow, { own: from, destination: to.address }) ??
    atEnd(network, flow, { own: to, destination: from.address, source: to.address })
  );
}

interface Sending {
  readonly own: FlowEnd;
  readonly destination: string;
  /** Set for a reply, whose source is not for the kernel to choose. */
  readonly source?: string;
}

function atEnd(network: NetworkState, flow: Flow, { own, destination, source }: Sending): TakenByRule | undefined {
  const { node } = own;
  if ((node?.kind !== 'host' && node?.kind !== 'container') || destination === '') return undefined;
  const taken = ruleBeforeMain(network, node.name, { destination, source });
  return taken && { ...taken, flow, node: node.name, destination };
}

/** The subnet that main should be looked up for: that of the link main leads by, else the container's own. */
export function lanTaken({ links, names }: NetworkState, { node, destination, main, flow }: TakenByRule): string {
  const parents = node === names.hostName ? names.parents : [];
  const near = (links.of(node) ?? []).filter(({ name }) => name === main.device || parents.includes(name));
  const lan = near.flatMap(({ addresses }) => addresses.map(subnetOf)).filter((one) => contains(one, destination));
  const containers = flow.containerAddress !== undefined && sameAddress(flow.containerAddress, destination);
  const [widest] = [...lan].sort((one, other) => Number(contains(other, one)) - Number(contains(one, other)));
  return widest ?? (containers ? subnetOfFlow(flow) : undefined) ?? main.route.destination;
}
