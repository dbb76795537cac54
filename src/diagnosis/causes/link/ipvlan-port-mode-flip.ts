import type { Link, NetworkFact } from '../../../evidence/facts.js';
import type { NetworkState } from '../../../network/network-state.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, crossesParent, failing, idsOf, ownLink, telling } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';

/** A flow whose container's link has another mode than its network asked for. */
type Switched = Flow & { readonly network: NetworkFact; readonly link: Link };

export const ipvlanPortModeFlip = defineCause({
  id: 'ipvlan-port-mode-flip',
  title: "Another link on the parent has changed the network's IPvlan mode",
  layer: 'link',
  kind: 'fault',
  hop: 'lan',
  appliesTo: ['ipvlan'],
  needs: ['nodes', 'networks', 'links'],
  background: `
    The mode belongs to the parent, and the latest link made on it decides for all: "ip link add shim link eth0 type ipvlan"
    without a mode means L3 and turns every L2 container on eth0 into one. Those no longer answer ARP, and are unreachable once
    their neighbours' ARP entries expire. L3 containers turned L2 ask for each address by ARP, and have no gateway to ask.
    Removing the other link does not change the mode back; the next container that starts does.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://github.com/torvalds/linux/blob/master/drivers/net/ipvlan/ipvlan_main.c',
  ],

  detect({ flows, network: state }) {
    const lost = failing(flows)
      .filter(crossesParent)
      .flatMap((flow) => switched(flow, state) ?? []);
    const flow = telling(lost);
    if (!flow) return undefined;
    const { hostName: host } = state.names;
    const others = ofTheHost(state, flow.link.mode);
    return found({
      detail: { flow, host, shim: others[0] },
      explains: idsOf(lost),
      hop: flow.link.mode === 'l2' ? 'container-route' : 'lan',
      because: [
        { kind: 'network-setting', network: flow.network.name, setting: 'mode', value: flow.network.mode ?? 'l2' },
        modeOf(flow.container?.name ?? '', flow.link),
        ...others.map((link) => modeOf(host, link)),
      ],
    });
  },
  explain: ({ flow, shim }) =>
    `${complaint(flow)}: the network ${flow.network.name} is meant to be ${flow.network.mode}, and ${shim ? `the link ${shim.name}` : 'another IPvlan link'} has switched the parent ${flow.network.parent} to ${flow.link.mode}.`,
  remedy: ({ flow: { container, link, network }, host, shim }) => [
    {
      title: 'Switch the parent back: any one of its links will do',
      use: 'run',
      changes: [
        {
          kind: 'link-type',
          on: container?.name ?? '',
          device: link.name,
          driver: 'ipvlan',
          set: { mode: network.mode ?? 'l2' },
          was: { mode: link.mode ?? 'l2' },
        },
      ],
    },
    advice('Make the other link in the same mode, wherever it is made, to keep it so', host, [
      sh`ip link add name ${shim?.name ?? 'shim'} link ${network.parent ?? ''} type ipvlan mode ${network.mode ?? 'l2'}`,
    ]),
  ],
});

function switched(flow: Flow, state: NetworkState): Switched | undefined {
  const { network } = flow;
  const link = network?.driver === 'ipvlan' ? ownLink(state, flow) : undefined;
  const differs = link?.kind === 'ipvlan' && link.mode !== undefined && link.mode !== network?.mode;
  return network && differs ? { ...flow, network, link } : undefined;
}

/** IPvlan links of the host itself in the mode that came out: Docker's own are in its containers. */
function ofTheHost({ names, links }: NetworkState, mode: string | undefined): readonly Link[] {
  return (links.of(names.hostName) ?? []).filter((link) => link.kind === 'ipvlan' && link.mode === mode);
}

function modeOf(node: string, { name: device, mode = 'l2' }: Link): Observation {
  return { kind: 'link-type', at: { node, device }, driver: 'ipvlan', setting: 'mode', value: mode };
}
