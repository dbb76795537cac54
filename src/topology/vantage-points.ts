import type { Plan } from '../scenario/plan.js';
import type { LiveNode } from './node.js';

/** An interface that packets are captured on. */
export interface VantagePoint {
  readonly node: string;
  readonly device: string;
}

/**
 * Where a packet can be seen on its path through a simulated site: at its container, the parent, both sides of the gateway, and at
 * peers that a check asks about. What leaves the gateway's uplink is at the internet: one link joins the two.
 */
export function vantagePoints({ site, containers, checks }: Plan, nodes: readonly LiveNode[]): readonly VantagePoint[] {
  const asked = site.peers.filter(({ name }) => checks.some(({ from, to }) => from === name || to.node === name));
  return [
    ...nodes.filter(({ kind }) => kind === 'host').map(({ name }) => ({ node: name, device: site.host.interface })),
    ...nodes.filter(({ kind }) => kind === 'gateway').flatMap(linksOf),
    ...containers.flatMap(({ name, attachments }) =>
      attachments.map((_, index) => ({ node: name, device: `eth${index}` })),
    ),
    ...nodes.filter(({ name }) => asked.some((peer) => peer.name === name)).flatMap(linksOf),
  ];
}

function linksOf({ name, links = [] }: LiveNode): readonly VantagePoint[] {
  return links.map((device) => ({ node: name, device }));
}
