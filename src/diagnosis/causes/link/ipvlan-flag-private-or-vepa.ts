import type { Link, NetworkFact } from '../../../evidence/facts.js';
import type { NetworkState } from '../../../network/network-state.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, idsOf, ownLink } from '../../flow-questions.js';
import type { LinkType } from '../../remedies/changes/link-type.js';
import { recreateNetwork } from '../../remedies/create-network.js';

/** A flow between siblings that their links keep apart. */
interface Apart {
  readonly flow: Flow;
  readonly network: NetworkFact;
  readonly link: Link;
  readonly driver: 'ipvlan' | 'macvlan';
  readonly flag: 'private' | 'vepa';
}

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
    goes out to the switch, which must send it back by the port it came from. Ordinary switches do not, and in IPvlan both
    ends even have one MAC address. In L3 vepa goes through the gateway and works. The last link made on a parent decides for
    all of them.`,
  see: ['https://docs.kernel.org/networking/ipvlan.html', 'https://docs.docker.com/engine/network/drivers/macvlan/'],

  reproduced: { by: 'scenario' },

  detect({ flows, network: state }) {
    const apart = failing(flows).flatMap((flow) => keptApart(flow, state) ?? []);
    const [first] = apart;
    if (!first) return undefined;
    const { flow, link, flag, driver } = first;
    const at = { node: flow.container?.name ?? '', device: link.name };
    return found({
      detail: first,
      explains: idsOf(apart.map((one) => one.flow)),
      because: [{ kind: 'link-type', at, driver, setting: settingOf(driver), value: flag }],
    });
  },
  explain: ({ flow, network, flag, driver }) =>
    `${complaint(flow)}: ${settingOf(driver)} ${flag} of the network ${network.name} ${flag === 'private' ? 'lets nothing pass between containers of one parent' : 'sends packets for a sibling out to the switch, which does not send them back'}.`,
  remedy: ({ flow, network, link, flag, driver }) => [
    {
      title: 'Let siblings through, until the next container starts',
      use: 'run',
      changes: nodesToSet(flow, driver).map((node) => ({
        kind: 'link-type',
        on: node,
        device: link.name,
        driver,
        set: typeOf(driver, 'bridge'),
        was: typeOf(driver, flag),
      })),
    },
    recreateNetwork(
      `Recreate the network without ${settingOf(driver)} ${flag}, to keep it so`,
      network,
      driver === 'macvlan' ? { mode: 'bridge' } : { flag: undefined },
    ),
  ],
});

/** What keeps a flow's container from its siblings, as the kernel has it now. */
function keptApart(flow: Flow, state: NetworkState): Apart | undefined {
  const { network } = flow;
  const link = flow.peer === 'sibling' ? ownLink(state, flow) : undefined;
  const driver = link?.kind;
  if (!link || !network || (driver !== 'macvlan' && driver !== 'ipvlan')) return undefined;
  const flag = driver === 'macvlan' ? link.mode : link.flag;
  return flag === 'private' || flag === 'vepa' ? { flow, network, link, driver, flag } : undefined;
}

function settingOf(driver: Apart['driver']): 'mode' | 'flag' {
  return driver === 'macvlan' ? 'mode' : 'flag';
}

function typeOf(driver: Apart['driver'], value: string): LinkType {
  return driver === 'macvlan' ? { mode: value } : { flag: value };
}

/** On IPvlan one link sets all of a parent; on macvlan each has its own. */
function nodesToSet({ container, to, from, outbound }: Flow, driver: Apart['driver']): readonly string[] {
  const other = (outbound ? to : from).node?.name;
  return [container?.name, ...(driver === 'macvlan' ? [other] : [])].filter((name) => name !== undefined);
}
