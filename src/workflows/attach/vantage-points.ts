import type { Survey } from '../../probes/facts/survey.js';
import type { VantagePoint } from '../../topology/vantage-points.js';
import type { Surroundings } from './surroundings.js';

/**
 * Where packets can be seen around a host: where they leave it, first towards the gateway, and at the containers themselves. Tagged
 * frames of a VLAN are seen on the link that carries it.
 *
 * @param containers names of those to capture at
 */
export function vantagePointsOn(
  { around, surveyed }: { readonly around: Surroundings; readonly surveyed: Survey },
  containers: readonly string[],
): readonly VantagePoint[] {
  const host = around.live.find(({ kind }) => kind === 'host')?.name ?? 'host';
  const present = (name: string) => surveyed.links.some((link) => link.name === name);
  const outward = outwardLinks(around, surveyed);
  const uplink = surveyed.routes.find(
    ({ via }) => via !== undefined && around.gateway?.addresses.includes(via),
  )?.device;
  const devices = [...(outward.length === 0 && uplink ? [uplink] : []), ...outward].filter(present);
  return [
    ...[...new Set(devices)].map((device) => ({ node: host, device })),
    ...containers.flatMap((node) =>
      (surveyed.inside[node] ?? []).filter(({ name }) => name !== 'lo').map(({ name: device }) => ({ node, device })),
    ),
  ];
}

/** The links that carry the parents, without bridges, which lead nowhere. */
function outwardLinks({ parents }: Surroundings, { links }: Survey): readonly string[] {
  const bridges = links.filter(({ kind }) => kind === 'bridge').map(({ name }) => name);
  return parents
    .filter((name) => !bridges.includes(name))
    .map((name) => {
      const [carrier = name] = name.split('.');
      return links.some((link) => link.name === carrier) ? carrier : name;
    });
}
