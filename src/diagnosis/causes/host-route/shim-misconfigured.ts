import { bare, familyOf } from '../../../ip.js';
import { defineCause, found } from '../../cause.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';
import type { Change } from '../../remedies/change.js';
import { idleShim, type IdleShim } from '../../symptoms/idle-shim.js';

export const shimMisconfigured = defineCause({
  id: 'shim-misconfigured',
  title: "The host's route to its containers does not use the host's own link on the parent",
  layer: 'host-route',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes', 'rules'],
  background: `
    Host and containers talk through a link of the host's own on the parent, a "shim", if the host's route to the containers
    uses it. A shim with the LAN's whole prefix only adds a second, equal route to the LAN, and the kernel goes on using
    the first one, through the parent, where there is no reply. A shim needs an address with /32 and a route for each
    container, or for the part of the subnet that Docker assigns from.`,
  see: ['https://docs.docker.com/engine/network/drivers/macvlan/', 'https://github.com/moby/moby/issues/21735'],

  detect({ flows, network }) {
    const idle = failing(flows).flatMap((flow) => idleShim(network, flow) ?? []);
    const [first] = idle;
    if (!first) return undefined;
    const host = network.names.hostName;
    const each = [...new Map(idle.map((one) => [`${one.shim.name} ${one.container}`, one])).values()];
    return found({
      about: first.flow,
      detail: { host, first, each },
      explains: idsOf(idle.map(({ flow }) => flow)),
      because: each.map((one) => whyIdle(host, one)),
    });
  },
  explain: ({ first: { flow, shim, container, device } }) =>
    shim.adminUp
      ? `${complaint(flow)}: the Docker host has the link ${shim.name} for that, and its route to ${container} uses ${device ?? 'nothing'} instead.`
      : `${complaint(flow)}: the Docker host has the link ${shim.name} for that, and it is administratively down.`,
  remedy: ({ host, each }) => [
    {
      title: 'Route each container through the shim. It does not survive a restart',
      use: 'run',
      changes: each.flatMap((one) => repair(host, one)),
    },
  ],
});

function whyIdle(node: string, { shim, container: destination, device }: IdleShim): Observation {
  return shim.adminUp
    ? { kind: 'route-elsewhere', node, destination, device, expected: shim.name }
    : { kind: 'link-state', at: { node, device: shim.name }, state: 'down' };
}

function repair(host: string, { shim, container, spare }: IdleShim): readonly Change[] {
  const family = familyOf(container) ?? 4;
  const length = family === 6 ? 128 : 32;
  const source = spare ?? shim.addresses.map(bare).find((address) => familyOf(address) === family);
  const device = shim.name;
  return [
    ...(spare === undefined
      ? []
      : [{ kind: 'address', on: host, do: 'replace', device, address: `${spare}/${length}` } as const]),
    ...(shim.adminUp
      ? []
      : [{ kind: 'link', on: host, device, set: { state: 'up' }, was: { state: 'down' } } as const]),
    {
      kind: 'route',
      on: host,
      do: 'replace',
      route: { destination: `${container}/${length}`, family, device, source },
    },
  ];
}
