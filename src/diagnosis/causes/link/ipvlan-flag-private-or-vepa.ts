import type { Link, PerNode } from '../../../evidence/facts.js';
import { defineCause, found, on } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { ownLink } from '../../symptoms/own-link.js';
import { complaint, failing, idsOf } from '../../flow-questions.js';
import { sh } from '../../../shell.js';
import { recreateNetwork } from '../../remedies/create-network.js';

export const ipvlanFlagPrivateOrVepa = defineCause({
  id: 'ipvlan-flag-private-or-vepa',
  title: 'The network keeps its own containers apart: private or VEPA',
  layer: 'link',
  kind: 'by-design',
  hop: 'sibling',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['networks', 'links'],
  background: `
    ipvlan_flag (on macvlan the mode) decides what passes between links of one parent. private: nothing does. vepa: all of it
    goes out to the switch, which must send it back by the port it came from; ordinary switches do not, and in IPvlan both
    ends even have one hardware address. In L3 vepa goes round by the gateway and works. The last link made on a parent decides for all of them.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/macvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, links }) {
    const apart = failing(flows).flatMap((flow) => {
      const kept = flow.peer === 'sibling' ? keptApart(flow, links) : undefined;
      return kept && flow.network ? [{ flow, network: flow.network, ...kept }] : [];
    });
    const [first] = apart;
    if (!first) return undefined;
    const { network, link, flag, driver } = first;
    return found({
      detail: first,
      explains: idsOf(apart.map(({ flow }) => flow)),
      because: [
        `${first.flow.container?.name}: ${link.name} is a ${driver} link with ${wordFor(driver)} ${flag} (ip -d link), on ${network.parent ?? 'a dummy link'}.`,
      ],
    });
  },
  explain: ({ flow, network, flag, driver }) =>
    `${complaint(flow)}: ${wordFor(driver)} ${flag} of the network ${network.name} ${flag === 'private' ? 'lets nothing pass between containers of one parent' : 'sends what is for a sibling out to the switch, which does not send it back'}.`,
  remedy: ({ flow, network, link, flag, driver }) => {
    const mode = driver === 'macvlan' ? [sh`mode`] : [];
    const set = (to: string) => sh`ip link set dev ${link.name} type ${driver} ${mode} ${to}`;
    const right = driver === 'macvlan' ? { mode: 'bridge' } : { flag: undefined };
    return [
      {
        title: 'Let siblings through, until the next container starts',
        use: 'run',
        commands: ends(flow, driver).map((name) => on(name, set('bridge'), set(flag))),
      },
      recreateNetwork(`For good: recreate the network without ${wordFor(driver)} ${flag}`, network, right),
    ];
  },
});

/** What keeps a flow's container from its siblings, as the kernel has it now. */
function keptApart(flow: Flow, links: PerNode<readonly Link[]>) {
  const link = ownLink(flow, links);
  const flag = link?.kind === 'macvlan' ? link.mode : link?.kind === 'ipvlan' ? link.flag : undefined;
  if (!link || (flag !== 'private' && flag !== 'vepa')) return undefined;
  return { link, flag, driver: link.kind === 'macvlan' ? ('macvlan' as const) : ('ipvlan' as const) };
}

function wordFor(driver: 'ipvlan' | 'macvlan'): string {
  return driver === 'macvlan' ? 'mode' : 'flag';
}

/** On IPvlan one link sets all of a parent; on macvlan each has its own. */
function ends({ container, to, from, outbound }: Flow, driver: 'ipvlan' | 'macvlan'): readonly string[] {
  const other = (outbound ? to : from).node?.name;
  return [container?.name, ...(driver === 'macvlan' ? [other] : [])].filter((name) => name !== undefined);
}
