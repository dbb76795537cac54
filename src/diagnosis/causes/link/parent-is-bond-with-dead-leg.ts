import { advice, defineCause, found, on } from '../../cause.js';
import { sh } from '../../../shell.js';
import { complaint, failing, idsOf, telling } from '../../flow-questions.js';
import { deadLegs } from '../../symptoms/dead-legs.js';
import { arrivesThrough, needsParent } from '../../symptoms/lost-parent.js';

export const parentIsBondWithDeadLeg = defineCause({
  id: 'parent-is-bond-with-dead-leg',
  title: 'One leg of the bond that is the parent carries nothing',
  layer: 'link',
  kind: 'fault',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks', 'links', 'counters'],
  background: `
    A bond watches the carrier of its legs. A leg whose carrier stays while nothing arrives behind it, such as one on a port of
    another VLAN or behind a broken media converter, stays in use. In mode active-backup everything is lost while such a leg
    is the active one. Modes that balance lose what leaves via that leg: some packets, or all packets of some connections.
    The counters of the legs show it: the leg sends, and receives nothing, while another leg receives.`,
  see: ['https://docs.kernel.org/networking/bonding.html', 'https://man7.org/linux/man-pages/man8/ip-link.8.html'],

  reproduced: {
    by: 'emulation',
    how: "the port of the site's switch that a leg is on passes nothing on",
  },

  detect(view) {
    const { hostName: host } = view.network.names;
    const [dead] = deadLegs(view);
    if (!dead) return undefined;
    const { parent, bond, leg, only } = dead;
    if (only && view.flows.some((flow) => arrivesThrough(flow, parent) && flow.arrival === 'all')) return undefined;
    const lost = failing(view.flows).filter(
      (flow) => flow.probe.outcome.kind === 'attempts' && flow.peer !== 'sibling' && needsParent(flow, parent, host),
    );
    const flow = telling(lost.filter(({ container }) => container)) ?? lost[0];
    if (!flow) return undefined;
    return found({
      about: flow,
      detail: { flow, host, bond, leg, mode: dead.mode, others: dead.others.map(({ name }) => name) },
      explains: idsOf(lost),
      confidence: only ? 'certain' : 'likely',
      because: [{ name: leg, ...dead.packets }, ...dead.others].map(({ name, received, sent }) => ({
        kind: 'leg-packets' as const,
        at: { node: host, device: name },
        bond,
        ...{ received, sent },
      })),
    });
  },
  explain: ({ flow, bond, leg, mode }) =>
    `${complaint(flow)}: ${leg}, a leg of ${bond} (${mode}), sends packets and receives none.`,
  remedy: ({ host, bond, leg, others }) => [
    {
      title: `Take ${leg} out of ${bond}, until its cable and switch port are repaired`,
      use: 'run',
      changes: [on(host, sh`ip link set dev ${leg} nomaster`, sh`ip link set dev ${leg} master ${bond}`)],
    },
    advice(`Check the switch port of ${leg}: it must be on the LAN that ${others.join(' and ')} is on`, host, [
      sh`ip -d -s link show dev ${leg}`,
    ]),
  ],
});
