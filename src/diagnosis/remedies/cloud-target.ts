import type { NodeFact, PerNode, PlatformFact } from '../../evidence/facts.js';
import type { CloudTarget } from './cloud-commands.js';
import type { Flow } from '../flow.js';
import { platformOf } from '../symptoms/platform.js';
import { subnetsOf } from '../flow-questions.js';
import { nodeOfKind } from '../reading.js';
import { trafficOf } from './traffic.js';

/** What a cloud's causes speak of. */
export interface CloudDetail extends CloudTarget {
  readonly flow: Flow;
  /** The cloud's name, as people call it. */
  readonly product: string;
}

interface Surroundings {
  readonly nodes: readonly NodeFact[];
  readonly platform?: PerNode<PlatformFact>;
}

/** What cloud commands are to be filled in with, so that these flows arrive. */
export function cloudTarget(view: Surroundings, flows: readonly Flow[]): Omit<CloudDetail, 'flow'> {
  const host = nodeOfKind(view.nodes, 'host')?.addresses[0] ?? 'HOST';
  const machine = platformOf(view);
  return {
    platform: machine?.id,
    product: machine?.product ?? 'the cloud',
    host,
    subnets: subnetsOf(flows),
    traffic: trafficOf(flows.map((flow) => ({ flow, part: 'request' }))),
  };
}
