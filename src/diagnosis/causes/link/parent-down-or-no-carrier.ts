import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found, ruledOut } from '../../cause.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import { raiseParent } from '../../remedies/raise-parent.js';
import { engineErrors, explainErrors } from '../../symptoms/engine-errors.js';
import { arrivesThrough, lostParents, needsParent } from '../../symptoms/lost-parent.js';

export const parentDownOrNoCarrier = defineCause({
  id: 'parent-down-or-no-carrier',
  title: 'The parent link is down or has no carrier',
  layer: 'link',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'routes'],
  background: `
    Containers send and receive through the parent. When it is set down, or its cable is out, nothing outside is reachable any
    more, while Docker still reports the containers as running and their own links still claim to be up. Without a carrier
    even siblings lose each other. Setting a link down also removes the host's routes through it.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.kernel.org/networking/operstates.html'],

  detect(view) {
    const { hostName: host } = view.network.names;
    const parents = lostParents(view.network);
    const carrying = parents.find(({ parent }) => view.flows.some((flow) => arrivesThrough(flow, parent)));
    if (carrying) return ruledOut(`${carrying.parent} carries packets: its state was read while it changed.`);
    const lost = failing(view.flows).filter(
      (flow) => flow.probe.outcome.kind === 'attempts' && parents.some(({ parent }) => needsParent(flow, parent, host)),
    );
    // Docker does not start what needs a link below that is down.
    const stopped = engineErrors('parent-down-or-no-carrier', view);
    if (lost.length === 0 && !stopped) return undefined;
    const flow = telling(lost.filter(({ container }) => container)) ?? lost[0];
    return found({
      about: flow,
      detail: {
        parents,
        raise: parents.map(({ parent }) => raiseParent(view.network, parent)),
        errors: stopped?.detail.errors ?? [],
        flow,
        host,
      },
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
  remedy: ({ parents, raise, errors, host }) => {
    const commands = raise.flat();
    const cables = parents.filter((_, at) => raise[at]?.length === 0);
    const title = 'Set the link up, and add the default route the host lost with it';
    const below = errors.map(
      ({ network }) => sh`ip link set dev ${network?.parent?.split('.')[0] ?? placeholder('PARENT')} up`,
    );
    return [
      ...(commands.length > 0 ? [{ title, use: 'run' as const, changes: commands }] : []),
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
