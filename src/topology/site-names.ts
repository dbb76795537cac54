import type { SwitchPort } from '../evidence/facts.js';
import type { SitePlan } from '../scenario/plan.js';

/** Where the agent keeps the site's network namespaces. They end with the agent container. */
export const NETNS_DIRECTORY = '/run/netns';

/** Names of the site's nodes, the switch included. */
export function siteNodes(site: SitePlan): readonly string[] {
  return ['switch', 'gateway', 'internet', ...site.peers.map(({ name }) => name)];
}

/** The links of a site's node that packets of containers pass; of the gateway, its uplink first. */
export function siteLinks(node: string): readonly string[] {
  switch (node) {
    case 'switch':
      return [];
    case 'gateway':
      return ['wan0', 'lan0'];
    default:
      return ['eth0'];
  }
}

/** The switch has a port for each node of the LAN, the host included. */
export function switchPorts(site: SitePlan): readonly SwitchPort[] {
  return ['host', 'gateway', ...site.peers.map(({ name }) => name)].map((node) => ({ node, device: `p-${node}` }));
}
