import type { NetworkFact } from '../../../evidence/facts.js';
import { operands, sh } from '../../../shell.js';
import { advice, defineCause } from '../../cause.js';
import { recreateNetwork, createNetwork, vlanOn } from '../../remedies/create-network.js';
import { explainRefused, refusedAs, type Refused } from '../../symptoms/refused.js';

export const parentAlreadyUsedByIpvlanNetwork = defineCause({
  id: 'parent-already-used-by-ipvlan-network',
  title: 'Another network has the parent already',
  layer: 'engine',
  kind: 'fault',
  hop: 'engine',
  about: 'engine',
  appliesTo: ['ipvlan', 'macvlan'],
  needs: ['refusals', 'containers'],
  uses: ['networks'],
  background: `
    Docker gives a parent to one IPvlan network only, and up to Docker 26 to one macvlan network only. In its sentence the
    holder goes by "di-" (or "dm-") and the first twelve digits of its id, even where it hangs on a real interface. One
    network may have several subnets, and each VLAN of an interface is a parent of its own.`,
  see: [
    'https://docs.docker.com/engine/network/drivers/ipvlan/',
    'https://github.com/moby/libnetwork/issues/1743',
    'https://github.com/moby/moby/pull/47318',
  ],

  reproduced: { by: 'scenario' },

  detect(view) {
    const no = refusedAs('parent-already-used-by-ipvlan-network', view);
    const [first] = no?.detail.refused ?? [];
    return no && first && { ...no, detail: { ...no.detail, holder: holderOf(first, view.networks ?? []) } };
  },
  explain: ({ refused, holder }) =>
    explainRefused(
      refused,
      (one) =>
        `${one.network?.name} wants the parent ${one.words['parent']}, which ${holder?.name ?? `a network with an id like ${idOf(one)}`} has already`,
    ),
  remedy: ({ refused, holder }) => [
    ...refused.flatMap(({ network }) =>
      network && holder
        ? [
            recreateNetwork(`Give ${holder.name} the subnets of both, and put all containers on it`, holder, {
              subnets: [...holder.subnets, ...network.subnets],
            }),
          ]
        : [],
    ),
    ...refused.flatMap(({ network }) =>
      network
        ? [
            advice('Or give the new network a VLAN of its own, which the switch must carry', 'docker', [
              createNetwork(network, { parent: vlanOn(network.parent) }),
            ]),
          ]
        : [],
    ),
    advice('Or see who holds it, and remove that network if nobody needs it', 'docker', [
      ...refused.map((one) => sh`docker network inspect ${operands(holder?.name ?? idOf(one))}`),
      sh`docker network ls --filter driver=ipvlan --filter driver=macvlan`,
    ]),
  ],
});

/** The id within a name such as `di-0123456789ab`, or the name Docker gives. */
function idOf({ words }: Refused): string {
  return (words['holder'] ?? '').replace(/^d[im]-/, '');
}

function holderOf(refused: Refused, networks: readonly NetworkFact[]): NetworkFact | undefined {
  const id = idOf(refused);
  return networks.find((network) => network.id.startsWith(id) || network.name === id);
}
