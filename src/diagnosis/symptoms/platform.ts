import type { NodeFact, PerNode, PlatformFact } from '../../evidence/facts.js';
import { hostName } from '../reading.js';

/** What the Docker host runs on; `undefined` where nobody knows. */
export function platformOf({
  nodes,
  platform,
}: {
  readonly nodes: readonly NodeFact[];
  readonly platform?: PerNode<PlatformFact>;
}): PlatformFact | undefined {
  return platform?.[hostName(nodes)];
}

/** How the platform came to be known, for an observation. */
export function platformText(host: string, { product, origin }: PlatformFact): string {
  return origin === 'firmware'
    ? `${host}: its firmware says ${product} (/sys/class/dmi/id).`
    : `${host} is taken to run on ${product}.`;
}

/**
 * Whether a parent, or the link a VLAN parent lies on, is Wi-Fi: the kernel has a radio for it, or it is named as udev names
 * such links and no others.
 */
export function isWireless(view: Parameters<typeof platformOf>[0], parent: string): boolean {
  const [base = ''] = parent.split('.');
  return (platformOf(view)?.wireless.includes(base) ?? false) || /^wl/.test(base);
}
