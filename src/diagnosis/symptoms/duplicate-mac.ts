import type { ContainerFact, Link, Refusal } from '../../evidence/facts.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Place } from '../observation.js';

/** Who has the MAC address on a parent that a container asks for. */
export interface MacHolder {
  /** A container, or a link of the host itself: of a virtual machine, or a shim. */
  readonly at: Place;
  readonly mac: string;
  readonly parent: string;
}

/** What has the MAC address that a rejected container asks for on a macvlan parent; `undefined` where none was seen. */
export function macHolder({ names, links }: NetworkState, refusal: Refusal): MacHolder | undefined {
  const mac = askedMac(names.container(refusal.container?.name), refusal);
  const parents = refusal.networks.flatMap(({ driver, parent }) => (driver === 'macvlan' ? (parent ?? []) : []));
  if (mac === undefined) return undefined;
  for (const parent of parents) {
    const own = links
      .of(names.hostName)
      ?.find((link) => link.lower === parent && isMacvlan(link) && has(link.mac, mac));
    const other = names
      .containersOn(parent)
      .filter(({ name }) => name !== refusal.container?.name)
      .find((one) => holds(one, mac, links.of(one.name)));
    if (other) return { at: { node: other.name }, mac, parent };
    if (own) return { at: { node: names.hostName, device: own.name }, mac, parent };
  }
  return undefined;
}

/** The MAC address a rejected container asks for; `undefined` where Docker chose it. */
export function askedMac(container: ContainerFact | undefined, refusal: Refusal): string | undefined {
  return refusal.container?.mac ?? container?.attachments.find(({ mac }) => mac !== undefined)?.mac;
}

function holds({ attachments }: ContainerFact, mac: string, links: readonly Link[] = []): boolean {
  return attachments.some((one) => has(one.mac, mac)) || links.some((link) => isMacvlan(link) && has(link.mac, mac));
}

function isMacvlan({ kind }: Link): boolean {
  return kind === 'macvlan' || kind === 'macvtap';
}

function has(own: string | undefined, mac: string): boolean {
  return own?.toLowerCase() === mac.toLowerCase();
}
