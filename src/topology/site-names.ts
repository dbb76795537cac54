import type { SwitchPort } from '../evidence/facts.js';
import type { ParentPlan } from '../scenario/parent.js';
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

/** The switch has a port for each node of the LAN, and one for each of the host's links where those are not bundled. */
export function switchPorts(site: SitePlan): readonly SwitchPort[] {
  const others = ['gateway', ...site.peers.map(({ name }) => name)];
  return [
    ...hostPorts(site).map((device) => ({ node: 'host', device })),
    ...others.map((node) => ({ node, device: `p-${node}` })),
  ];
}

/** The switch's ports to the host. Where the switch bundles them, that is the bundle. */
export function hostPorts({ host: { parent } }: SitePlan): readonly string[] {
  return parent?.kind === 'bond' && !isBundled(parent) ? parent.legs.map(portOf) : ['p-host'];
}

/** The host's links that are wired to the switch, each with the switch's end of the wire. */
export function hostWires({ host }: SitePlan): readonly { readonly leg: string; readonly end: string }[] {
  const { parent } = host;
  if (parent === undefined) return [{ leg: host.interface, end: 'p-host' }];
  return parent.legs.map((leg) => ({ leg, end: parent.kind === 'bond' ? portOf(leg) : 'p-host' }));
}

/** Every link that the site adds to the host, with the one that the others are legs of first. */
export function hostLinks({ host }: SitePlan): readonly string[] {
  return [host.interface, ...(host.parent?.legs ?? [])];
}

/** Whether a bond sends one machine's frames by several legs, so that the switch must know they belong together. */
export function isBundled({ mode }: Extract<ParentPlan, { kind: 'bond' }>): boolean {
  return mode === 'balance-rr' || mode === 'balance-xor' || mode === '802.3ad';
}

function portOf(leg: string): string {
  return `p-host-${leg}`;
}
