import { bare, contains, sameAddress, subnetOf } from '../ip.js';
import type { NodeFact, PerNode, Link, PlatformFact } from '../evidence/facts.js';
import type { CloudTarget } from './cloud-commands.js';
import type { Flow } from './flow.js';
import { platformOf } from './platform.js';
import { hostName, nodeOfKind } from './reading.js';

/** What a cloud's causes speak of. */
export interface CloudDetail extends CloudTarget {
  readonly flow: Flow;
  /** The cloud's name, as people call it. */
  readonly product: string;
}

interface Surroundings {
  readonly nodes: readonly NodeFact[];
  readonly links: PerNode<readonly Link[]>;
  readonly platform?: PerNode<PlatformFact>;
}

/** What cloud commands are to be filled in with. */
export function cloudTarget(view: Surroundings, subnets: readonly string[]): Omit<CloudDetail, 'flow'> {
  const host = nodeOfKind(view.nodes, 'host')?.addresses[0] ?? 'HOST';
  const own = (view.links[hostName(view.nodes)] ?? []).flatMap(({ addresses }) => addresses);
  const onLink = own.find((address) => sameAddress(bare(address), host)) ?? own.find((one) => contains(one, host));
  const machine = platformOf(view);
  return {
    platform: machine?.id,
    product: machine?.product ?? 'the cloud',
    host,
    subnets,
    lan: onLink === undefined ? 'LAN' : subnetOf(onLink),
  };
}
