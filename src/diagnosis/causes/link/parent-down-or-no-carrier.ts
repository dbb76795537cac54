import { contains, familyOf, subnetOf } from '../../../ip.js';
import { defaultRoutes } from '../../../network/default-route.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, on, ruledOut, type Command, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, getsThrough, idsOf, telling } from '../../flow-questions.js';
import { hostName, linkState, nodeOfKind } from '../../reading.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';

type Needs = 'nodes' | 'networks' | 'links' | 'routes';

interface Dead {
  readonly parent: string;
  readonly state: 'down' | 'no-carrier';
  /** What brings it back; empty when that lies beyond what was seen, such as a cable. */
  readonly raise: readonly Command[];
}

export const parentDownOrNoCarrier = defineCause({
  id: 'parent-down-or-no-carrier',
  title: 'The parent link is down or has no carrier',
  layer: 'link',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes'],
  uses: ['refusals', 'containers'],
  background: `
    Containers send and receive through the parent. When it is set down, or its cable is out, everything outside falls
    silent at once, while Docker still reports the containers as running and their own links still claim to be up.
    Without a carrier even siblings lose each other. Setting a link down also makes the host forget its routes by it.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.kernel.org/networking/operstates.html'],

  detect(view) {
    const host = hostName(view.nodes);
    const parents = new Set(view.networks.flatMap(({ driver, parent }) => (driver === 'bridge' ? [] : (parent ?? []))));
    const dead = [...parents].flatMap((parent): Dead[] => {
      const state = linkState(view.links[host], parent);
      return state === 'down' || state === 'no-carrier' ? [{ parent, state, raise: raise(view, parent, state) }] : [];
    });
    const carrying = dead.find(({ parent }) => view.flows.some((flow) => arrivesThrough(flow, parent)));
    if (carrying) return ruledOut(`${carrying.parent} carries packets: its state was read while it changed.`);
    const lost = failing(view.flows).filter(
      (flow) => flow.probe.outcome.kind === 'attempts' && dead.some((one) => needs(flow, one, host)),
    );
    // Docker does not start what needs a link below that is down.
    const stopped = engineErrors('parent-down-or-no-carrier', view);
    if (lost.length === 0 && !stopped) return undefined;
    const refused = stopped?.detail.errors ?? [];
    return found({
      detail: { dead, refused, flow: telling(lost.filter(({ container }) => container)) ?? lost[0] },
      explains: [...idsOf(lost), ...(stopped?.explains ?? [])],
      because: [...dead.map(deadText), ...(stopped?.because ?? [])],
    });
  },
  explain: ({ dead, refused, flow }) =>
    flow
      ? `${complaint(flow)}: the parent ${dead.map(({ parent, state }) => `${parent} ${state === 'down' ? 'is set down' : 'has no carrier'}`).join(', ')}.`
      : explainErrors(refused, ({ network }) => `the link below its parent ${network?.parent} is down`),
  remedy: ({ dead, refused }) => {
    const commands = dead.flatMap((one) => one.raise);
    const cables = dead.filter((one) => one.raise.length === 0).map(({ parent }) => sh`ip -s link show dev ${parent}`);
    return [
      ...(commands.length > 0
        ? [
            {
              title: 'Set the link up, and give the host back the default route it lost with it',
              use: 'run' as const,
              commands,
            },
          ]
        : []),
      ...(cables.length > 0
        ? [advice('Bring the cable, the switch port or the virtual switch back', 'host', cables)]
        : []),
      ...(dead.length === 0
        ? [
            advice(
              'Set the link below the parent up, then try again',
              'host',
              refused.map(
                ({ network }) => sh`ip link set dev ${network?.parent?.split('.')[0] ?? placeholder('PARENT')} up`,
              ),
            ),
          ]
        : []),
    ];
  },
});

function deadText({ parent, state }: Dead): string {
  return `host: ${parent} ${state === 'down' ? 'is administratively down' : 'is up and has no carrier'} (ip link).`;
}

/** Whether anything of a flow gets through that can only pass the parent: siblings, and in L3 the host, do without it. */
function arrivesThrough(flow: Flow, parent: string): boolean {
  return getsThrough(flow) && crossesParent(flow) && flow.network?.parent === parent && flow.peer !== 'host';
}

/**
 * Whether a flow cannot do without the dead parent. Without a carrier siblings lose each other on every kernel; with the
 * parent set down they talked on under Linux 6.1, and do not under 6.12, which hands the state down to the containers' links.
 */
function needs(flow: Flow, { parent }: Dead, host: string): boolean {
  if (flow.container) return flow.network?.parent === parent;
  return flow.from.node?.name === host || flow.to.node?.name === host;
}

function raise(view: View<Needs>, parent: string, state: Dead['state']): readonly Command[] {
  const host = hostName(view.nodes);
  if (state === 'down') return [up(host, parent), ...defaultsLost(view, host, parent)];
  // A VLAN has no carrier while the link below it is down.
  const below = view.links[host]?.find(({ name }) => name === parent.split('.')[0] && name !== parent);
  if (below && !below.adminUp) return [up(host, below.name), ...defaultsLost(view, host, below.name)];
  // Where the switch can be seen, and one port of it is set down, that is the cable.
  const ports = nodesOfSwitch(view).flatMap(({ node, links }) =>
    links.filter(({ adminUp, controller }) => !adminUp && controller !== undefined).map(({ name }) => up(node, name)),
  );
  return ports.length === 1 ? ports : [];
}

function nodesOfSwitch({ nodes, links }: View<Needs>) {
  return nodes.filter(({ kind }) => kind === 'switch').map(({ name }) => ({ node: name, links: links[name] ?? [] }));
}

function up(node: string, link: string): Command {
  return on(node, sh`ip link set dev ${link} up`, sh`ip link set dev ${link} down`);
}

/** The kernel forgets a link's routes when it goes down, and its IPv6 addresses too, and brings back only connected routes. */
function defaultsLost({ routes, nodes, links }: View<Needs>, host: string, device: string): readonly Command[] {
  const own = links[host]?.find(({ name }) => name === device)?.addresses ?? [];
  const gateways = nodeOfKind(nodes, 'gateway')?.addresses ?? [];
  const lost = gateways.filter(
    (gateway) =>
      own.some((address) => contains(subnetOf(address), gateway)) &&
      defaultRoutes(routes[host] ?? [], familyOf(gateway) ?? 4).length === 0,
  );
  return lost.map((gateway) => on(host, sh`ip route replace default via ${gateway} dev ${device}`));
}
