import type { Facts } from '../../evidence/facts.js';
import { defaultRoutes } from '../../network/default-route.js';
import { closest } from '../../suggest.js';
import { hostName } from '../reading.js';

/** Links nobody hangs containers on: the loopback, and what Docker makes for itself. */
const UNFIT = /^(lo|docker\d|br-|veth|d[im]-)/;

/**
 * The link of the host that was meant: one of a name close to `wanted`, else the one its default route goes by.
 *
 * @returns `undefined` when the host's links were not seen, or none fits
 */
export function likelyParent(
  { nodes = [], links = {}, routes = {} }: Partial<Pick<Facts, 'nodes' | 'links' | 'routes'>>,
  wanted = '',
): string | undefined {
  const host = hostName(nodes);
  const names = (links[host] ?? []).map(({ name }) => name).filter((name) => !UNFIT.test(name));
  const out = defaultRoutes(routes[host] ?? [], 4).flatMap(({ device }) => device ?? []);
  return closest(wanted, names) ?? out.find((device) => names.includes(device));
}
