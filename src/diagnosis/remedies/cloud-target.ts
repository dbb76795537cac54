import type { Observed } from '../cause.js';
import type { Flow } from '../flow.js';
import { subnetsOf } from '../flow-questions.js';
import type { CloudTarget } from './cloud-commands.js';
import { trafficOf } from './traffic.js';

/** What a cloud's causes speak of. */
export interface CloudDetail extends CloudTarget {
  readonly flow: Flow;
  /** The cloud's name, as people call it. */
  readonly product: string;
}

/** What cloud commands are to be filled in with, so that these flows arrive. */
export function cloudTarget(
  { network: { names } }: Pick<Observed, 'network'>,
  flows: readonly Flow[],
): Omit<CloudDetail, 'flow'> {
  return {
    platform: names.platform?.id,
    product: names.platform?.product ?? 'the cloud',
    node: names.hostName,
    host: names.host?.addresses[0] ?? 'HOST',
    subnets: subnetsOf(flows),
    traffic: trafficOf(flows.map((flow) => ({ flow, part: 'request' }))),
  };
}
