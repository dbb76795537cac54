import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { complaint, failing, farAddress, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import { likelyParent } from '../../symptoms/likely-parent.js';
import { isFailedLookup } from '../../symptoms/lookups.js';

/** Options the drivers read; Docker accepts any other and ignores it. */
const READ = /^(parent|ipvlan_mode|ipvlan_flag|macvlan_mode|com\.docker\..*)$/;

export const parentlessNetworkDummy = defineCause({
  id: 'parentless-network-dummy',
  title: 'The network has no parent: it is on a dummy link',
  layer: 'link',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks'],
  background: `
    Without -o parent Docker makes a dummy link, named "di-" (macvlan: "dm-") and the first twelve digits of the network's id,
    and attaches the network to that. Containers of one subnet reach each other and nothing else, and get no default route.
    A misspelt option has the same effect, in a compose file too: Docker ignores options that it does not support.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/libnetwork/issues/1298',
    'https://github.com/moby/libnetwork/issues/1020',
  ],

  reproduced: { by: 'scenario' },

  detect({ flows, network: state }) {
    const { names, links, routing } = state;
    const dummies = names.networks.filter(isParentless);
    const lost = failing(flows).filter(
      (flow) => dummies.some(({ id }) => id === flow.network?.id) && leavesSubnet(flow) && !isFailedLookup(flow),
    );
    const flow = telling(lost);
    if (!flow?.network) return undefined;
    const { network } = flow;
    const at = { node: names.hostName, device: dummyOf(network) };
    const defaults = routing.defaults(flow.container?.name, familyOf(farAddress(flow)) ?? 4);
    return found({
      about: flow,
      detail: { flow, network, ignored: ignored(network), parent: likelyParent(state) },
      explains: idsOf(lost),
      hop: defaults.length > 0 ? 'parent' : 'container-route',
      because: [
        { kind: 'no-parent', network: network.name },
        ...(links.link(at.node, at.device) ? [{ kind: 'dummy-link' as const, at }] : []),
      ],
    });
  },
  explain: ({ flow, network, ignored: [option] }) =>
    `${complaint(flow)}: the network ${network.name} has no parent and is on a dummy link, which leads nowhere${option === undefined ? '' : `; Docker ignores the option ${option}`}.`,
  remedy: ({ network, ignored: wrong, parent }) => [
    recreateNetwork('Recreate the network with a parent, and its containers on it', network, {
      parent: parent ?? placeholder('INTERFACE'),
      options: Object.fromEntries(Object.entries(network.options).filter(([key]) => !wrong.includes(key))),
    }),
  ],
});

/** Siblings of one subnet need no route; those of another one do, and get none from Docker 26 on. */
function leavesSubnet(flow: Flow): boolean {
  const own = subnetOfFlow(flow);
  const far = farAddress(flow);
  return own === undefined || far === '' || !contains(own, far);
}

function isParentless({ driver, parent, internal }: NetworkFact): boolean {
  return driver !== 'bridge' && !internal && (parent === undefined || /^d[im]-[0-9a-f]{12}$/.test(parent));
}

function dummyOf({ driver, id }: NetworkFact): string {
  return `${driver === 'macvlan' ? 'dm' : 'di'}-${id.slice(0, 12)}`;
}

function ignored({ options }: NetworkFact): readonly string[] {
  return Object.keys(options).filter((key) => !READ.test(key));
}
