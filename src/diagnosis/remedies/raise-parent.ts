import { contains, familyOf, subnetOf } from '../../ip.js';
import type { NetworkState } from '../../network/network-state.js';
import type { Change } from './change.js';
import type { LinkChange } from './changes/link.js';

/** What brings a parent back; empty when that lies beyond what was seen, such as a cable. */
export function raiseParent(state: NetworkState, parent: string): readonly Change[] {
  const { names, links } = state;
  const host = names.hostName;
  if (links.state(host, parent) === 'down') return [up(host, parent), ...defaultsLost(state, parent)];
  // A VLAN has no carrier while the link below it is down.
  const [base] = parent.split('.');
  const below = base === parent ? undefined : links.link(host, base);
  if (below && !below.adminUp) return [up(host, below.name), ...defaultsLost(state, below.name)];
  // Where the switch can be seen, and one port of it is set down, that is the cable.
  const ports = portsDown(state);
  return ports.length === 1 ? ports : [];
}

function portsDown({ names, links }: NetworkState): readonly LinkChange[] {
  return names.nodes
    .filter(({ kind }) => kind === 'switch')
    .flatMap(({ name: node }) =>
      (links.of(node) ?? [])
        .filter(({ adminUp, controller }) => !adminUp && controller !== undefined)
        .map(({ name }) => up(node, name)),
    );
}

function up(on: string, device: string): LinkChange {
  return { kind: 'link', on, device, set: { state: 'up' }, was: { state: 'down' } };
}

/** The kernel removes a link's routes when it goes down, and its IPv6 addresses too, and adds only connected routes again. */
function defaultsLost({ names, links, routing }: NetworkState, device: string): readonly Change[] {
  const host = names.hostName;
  const own = links.link(host, device)?.addresses ?? [];
  return (names.gateway?.addresses ?? []).flatMap((gateway): readonly Change[] => {
    const family = familyOf(gateway) ?? 4;
    const isNear = own.some((address) => contains(subnetOf(address), gateway));
    if (!isNear || routing.defaults(host, family).length > 0) return [];
    return [
      {
        kind: 'route',
        on: host,
        do: 'replace',
        route: { destination: 'default', family, via: gateway, device },
        was: 'none',
      },
    ];
  });
}
