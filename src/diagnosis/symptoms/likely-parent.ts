import type { NetworkState } from '../../network/network-state.js';
import { closest } from '../../suggest.js';

/** Links that are no parents: the loopback, and what Docker makes for itself. */
const UNFIT = /^(lo|docker\d|br-|veth|d[im]-)/;

/**
 * The link of the host that was meant: one of a name close to `wanted`, else the one of its default route.
 *
 * @returns `undefined` when the host's links were not seen, or none fits
 */
export function likelyParent({ names, links, routing }: NetworkState, wanted = ''): string | undefined {
  const fit = (links.of(names.hostName) ?? []).map(({ name }) => name).filter((name) => !UNFIT.test(name));
  const out = routing.defaults(names.hostName, 4).flatMap(({ device }) => device ?? []);
  return closest(wanted, fit) ?? out.find((device) => fit.includes(device));
}
