import type { Link, NetworkFact } from '../../../evidence/facts.js';
import { sh } from '../../../shell.js';
import { advice, defineCause, found, on, type View } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { ownLink } from '../../symptoms/own-link.js';
import { complaint, crossesParent, failing, idsOf, telling } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

type Needs = 'nodes' | 'networks' | 'links';

/** A flow whose container's link has another mode than its network asked for. */
type Flipped = Flow & { readonly network: NetworkFact; readonly link: Link };

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
    without a mode means L3 and turns every L2 container on eth0 into one. Those stop answering ARP and are lost once their
    neighbours have forgotten them. L3 containers turned L2 ask for each address by ARP, with no gateway to ask. Removing the
    other link changes nothing back; the next container that starts does.`,
  see: [
    'https://docs.kernel.org/networking/ipvlan.html',
    'https://github.com/torvalds/linux/blob/master/drivers/net/ipvlan/ipvlan_main.c',
  ],

  detect(view) {
    const lost = failing(view.flows)
      .filter(crossesParent)
      .flatMap((flow) => flipped(flow, view));
    const flow = telling(lost);
    if (!flow) return undefined;
    const others = strangers(view, flow);
    return found({
      detail: { flow, shim: others[0] },
      explains: idsOf(lost),
      hop: becameLayer2(flow) ? 'container-route' : 'lan',
      because: [
        `docker: ${flow.network.name} is a network of mode ${flow.network.mode} (docker network inspect).`,
        `${flow.container?.name}: its link ${flow.link.name} is in mode ${flow.link.mode} (ip -d link).`,
        ...others.map(({ name, mode }) => `host: ${name} is an IPvlan link in mode ${mode} (ip -d link).`),
      ],
    });
  },
  explain: ({ flow, shim }) =>
    `${complaint(flow)}: the network ${flow.network.name} is meant to be ${flow.network.mode}, and ${shim ? `the link ${shim.name}` : 'another IPvlan link'} has switched the parent ${flow.network.parent} to ${flow.link.mode}.`,
  remedy: ({ flow: { container, link, network }, shim }) => [
    {
      title: 'Switch the parent back: any one of its links will do',
      use: 'run',
      commands: [
        on(
          container?.name ?? '',
          sh`ip link set dev ${link.name} type ipvlan mode ${network.mode ?? 'l2'}`,
          sh`ip link set dev ${link.name} type ipvlan mode ${link.mode ?? 'l2'}`,
        ),
      ],
    },
    advice('For good: make the other link in the same mode, wherever it is made', 'host', [
      sh`ip link add name ${shim?.name ?? 'shim'} link ${network.parent ?? ''} type ipvlan mode ${network.mode ?? 'l2'}`,
    ]),
  ],
});

function flipped(flow: Flow, { links }: View<Needs>): readonly Flipped[] {
  const { network } = flow;
  const link = ownLink(flow, links);
  const changed =
    network?.driver === 'ipvlan' && link?.kind === 'ipvlan' && link.mode !== undefined && link.mode !== network.mode;
  return changed ? [{ ...flow, network, link }] : [];
}

function becameLayer2({ link }: Flipped): boolean {
  return link.mode === 'l2';
}

/** IPvlan links of the host itself in the mode that came out: Docker's own are in its containers. */
function strangers({ nodes, links }: View<Needs>, { link }: Flipped): readonly Link[] {
  return (links[hostName(nodes)] ?? []).filter(({ kind, mode }) => kind === 'ipvlan' && mode === link.mode);
}
