import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, ruledOut, type Observed } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, getsThrough, idsOf, telling } from '../../flow-questions.js';
import type { Change } from '../../remedies/change.js';
import { raiseParent } from '../../remedies/raise-parent.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';

interface LostParent {
  readonly parent: string;
  readonly state: 'down' | 'no-carrier';
  /** What brings it back; empty when that lies beyond what was seen, such as a cable. */
  readonly raise: readonly Change[];
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
    Containers send and receive through the parent. When it is set down, or its cable is out, nothing outside is reachable any
    more, while Docker still reports the containers as running and their own links still claim to be up. Without a carrier
    even siblings lose each other. Setting a link down also removes the host's routes through it.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.kernel.org/networking/operstates.html'],

  detect(view) {
    const { hostName: host } = view.network.names;
    const parents = lostParents(view);
    const carrying = parents.find(({ parent }) => view.flows.some((flow) => arrivesThrough(flow, parent)));
    if (carrying) return ruledOut(`${carrying.parent} carries packets: its state was read while it changed.`);
    const lost = failing(view.flows).filter(
      (flow) => flow.probe.outcome.kind === 'attempts' && parents.some((one) => needs(flow, one, host)),
    );
    // Docker does not start what needs a link below that is down.
    const stopped = engineErrors('parent-down-or-no-carrier', view);
    if (lost.length === 0 && !stopped) return undefined;
    const flow = telling(lost.filter(({ container }) => container)) ?? lost[0];
    return found({
      about: flow,
      detail: { parents, errors: stopped?.detail.errors ?? [], flow, host },
      explains: [...idsOf(lost), ...(stopped?.explains ?? [])],
      because: [
        ...parents.map(({ parent, state }) => ({
          kind: 'link-state' as const,
          at: { node: host, device: parent },
          state,
        })),
        ...(stopped?.because ?? []),
      ],
    });
  },
  explain: ({ parents, errors, flow }) =>
    flow
      ? `${complaint(flow)}: the parent ${parents.map(({ parent, state }) => `${parent} ${state === 'down' ? 'is set down' : 'has no carrier'}`).join(', ')}.`
      : explainErrors(errors, ({ network }) => `the link below its parent ${network?.parent} is down`),
  remedy: ({ parents, errors, host }) => {
    const commands = parents.flatMap((one) => one.raise);
    const cables = parents.filter((one) => one.raise.length === 0);
    const title = 'Set the link up, and add the default route the host lost with it';
    const below = errors.map(
      ({ network }) => sh`ip link set dev ${network?.parent?.split('.')[0] ?? placeholder('PARENT')} up`,
    );
    return [
      ...(commands.length > 0 ? [{ title, use: 'run' as const, commands }] : []),
      ...(cables.length > 0
        ? [
            advice(
              'Repair the cable, the switch port or the virtual switch',
              host,
              cables.map(({ parent }) => sh`ip -s link show dev ${parent}`),
            ),
          ]
        : []),
      ...(parents.length === 0 ? [advice('Set the link below the parent up, then try again', host, below)] : []),
    ];
  },
});

function lostParents({ network }: Observed): readonly LostParent[] {
  const { names, links } = network;
  return names.parents.flatMap((parent): LostParent[] => {
    const state = links.state(names.hostName, parent);
    if (state !== 'down' && state !== 'no-carrier') return [];
    return [{ parent, state, raise: raiseParent(network, parent) }];
  });
}

/** Whether anything of a flow gets through that can only pass the parent: siblings, and in L3 the host, do without it. */
function arrivesThrough(flow: Flow, parent: string): boolean {
  return getsThrough(flow) && crossesParent(flow) && flow.network?.parent === parent && flow.peer !== 'host';
}

/**
 * Whether a flow cannot do without the lost parent. Without a carrier siblings lose each other on every kernel; with the
 * parent set down they talked on under Linux 6.1, and do not under 6.12, which hands the state down to the containers' links.
 */
function needs(flow: Flow, { parent }: LostParent, host: string): boolean {
  if (flow.container) return flow.network?.parent === parent;
  return flow.from.node?.name === host || flow.to.node?.name === host;
}
