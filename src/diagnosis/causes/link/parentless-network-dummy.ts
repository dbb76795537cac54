import type { NetworkFact } from '../../../evidence/facts.js';
import { contains, familyOf } from '../../../ip.js';
import { defaultRoutes } from '../../../network/default-route.js';
import { placeholder } from '../../../shell.js';
import { defineCause, found } from '../../cause.js';
import { recreateNetwork } from '../../remedies/create-network.js';
import type { Flow } from '../../flow.js';
import { likelyParent } from '../../symptoms/likely-parent.js';
import { isFailedLookup } from '../../symptoms/lookups.js';
import { complaint, failing, farAddress, idsOf, subnetOfFlow, telling } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

/** Options the drivers read; Docker takes any other without a word, and does nothing with it. */
const READ = /^(parent|ipvlan_mode|ipvlan_flag|macvlan_mode|com\.docker\..*)$/;

export const parentlessNetworkDummy = defineCause({
  id: 'parentless-network-dummy',
  title: 'The network has no parent: it hangs on a dummy link',
  layer: 'link',
  kind: 'by-design',
  hop: 'parent',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['nodes', 'networks'],
  uses: ['links', 'routes'],
  background: `
    Without -o parent Docker makes a dummy link, named "di-" (macvlan: "dm-") and the first twelve digits of the network's id,
    and hangs the network on that. Containers of one subnet reach each other and nothing else, and get no default route. It also happens
    to whoever misspells the option, in a compose file as well: Docker ignores options it does not know.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/libnetwork/issues/1298',
    'https://github.com/moby/libnetwork/issues/1020',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const dummies = view.networks.filter(isParentless);
    const lost = failing(view.flows).filter(
      (flow) => dummies.some(({ id }) => id === flow.network?.id) && leavesSubnet(flow) && !isFailedLookup(flow),
    );
    const flow = telling(lost);
    if (!flow?.network) return undefined;
    const { network } = flow;
    const device = dummyOf(network);
    const links = view.links?.[hostName(view.nodes)];
    const ways = defaultRoutes(view.routes?.[flow.container?.name ?? ''] ?? [], familyOf(farAddress(flow)) ?? 4);
    return found({
      detail: { flow, network, ignored: ignored(network), parent: likelyParent(view.network) },
      explains: idsOf(lost),
      hop: ways.length > 0 ? 'parent' : 'container-route',
      because: [
        `docker: ${network.name} has no option parent (docker network inspect).`,
        ...(links?.some(({ name }) => name === device) ? [`host: it hangs on ${device}, a dummy link (ip link).`] : []),
      ],
    });
  },
  explain: ({ flow, network, ignored: [option] }) =>
    `${complaint(flow)}: the network ${network.name} has no parent and hangs on a dummy link, with no way out${option === undefined ? '' : `; Docker knows no option ${option}`}.`,
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
